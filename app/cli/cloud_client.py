"""ClickHouse Cloud as the commands ask it: with the portal's key, in the name of the command."""

from app.cloud.client import CloudClient
from app.cloud.transport.budget import RequestBudget, UsageOfOneProcess
from app.cloud.transport.retries import CloudHttp
from app.domain.activity.activities import PORTAL_AGENT
from app.metrics import Metrics
from app.settings import CloudAccess


def make_client(access: CloudAccess, command: str) -> CloudClient:
    """A client of its own; nothing is asked yet."""
    http = CloudHttp(
        url=access.url,
        key_id=access.key_id,
        key_secret=access.key_secret,
        user_agent=f"{PORTAL_AGENT} {command}",
        budget=RequestBudget(UsageOfOneProcess()),
        metrics=Metrics(),
    )
    return CloudClient(http, access.organization_id)
