"""The use cases over the portal's own client and a simulated Cloud in this very process."""

from datetime import UTC, datetime

from pydantic import SecretStr
from sqlalchemy import Engine

from app.cloud.client import CloudClient
from app.cloud.snapshot import Snapshot
from app.cloud.transport.budget import RequestBudget, UsageOfOneProcess
from app.cloud.transport.retries import CloudHttp
from app.metrics import Metrics
from app.services.access.policy import Policy
from app.store.readings import ReadingStore
from app.store.state import StateStore
from tests.support.sandbox import RunningSandbox
from tests.unit.builders import ALICE
from tests.unit.services.fakes import FakeLogin
from tests.unit.services.throttles import throttle_over
from tests.unit.services.world import PASSWORD, Parts, UseCases


class Unlimited(RequestBudget):
    """Lets everything through, as the sandbox does here."""

    def take(self, *, for_write: bool) -> None:
        """Count nothing."""


def real_client(sandbox: RunningSandbox) -> CloudClient:
    """The portal's own client, to the sandbox."""
    http = CloudHttp(
        url=sandbox.url,
        key_id=SecretStr(sandbox.world["api_key_id"]),
        key_secret=SecretStr(sandbox.world["api_key_secret"]),
        user_agent="test",
        budget=Unlimited(UsageOfOneProcess()),
        metrics=Metrics(),
    )
    return CloudClient(http, sandbox.world["organization_id"])


def over_sandbox(engine: Engine, client: CloudClient, policy: Policy) -> UseCases:
    """The use cases over that client and real time; passwords are checked by a fake."""
    return UseCases(
        Parts(
            engine=engine,
            policy=policy,
            client=client,
            snapshot=Snapshot(client, ReadingStore(StateStore(engine))),
            login=FakeLogin(PASSWORD, ALICE.roles),
            throttle=throttle_over(engine),
            now=lambda: datetime.now(UTC),
            log=[],
        )
    )
