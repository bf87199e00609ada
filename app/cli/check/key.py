"""What `check-settings` finds out about the portal's own key, and about the clock."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.cli.check.report import Check, Level
from app.cloud.client import CloudClient
from app.domain.activity.activities import LONGEST_APART
from app.errors import CloudError, CloudKeyRefused, CloudNotFound, CloudRejected
from app.services.admin.key_health import judge_key
from app.settings import Settings

CLOCK_TOLERANCE = timedelta(seconds=5)
"""More than an answer is under way, and than the whole seconds in which Cloud tells its time."""


def check_key(settings: Settings, client: CloudClient, now: datetime) -> Iterator[Check]:
    """Until when the key works, from where, and its roles: as far as it may read that itself."""
    try:
        key = client.find_key(settings.cloud.key_id.get_secret_value())
    except CloudKeyRefused:
        words = "The key may not read keys, so its expiry, IP list and roles are not known."
        yield Check("key", Level.OK, words, "Look at them in the ClickHouse Cloud console.")
        return
    except CloudError as error:
        yield Check("key", Level.WARNING, f"The key's details cannot be read. {error.message}")
        return
    if key is None:
        yield Check("key", Level.OK, "The key is not in the list that it may read.")
        return
    for finding in judge_key(key, now):
        yield Check("key", Level.OK if finding.is_fine else Level.WARNING, finding.words)


def check_clock(answered_at: datetime | None, now: datetime) -> Check:
    """Whether this machine's clock agrees with ClickHouse Cloud's."""
    if answered_at is None:
        words = "ClickHouse Cloud does not say what time it is, so the clock is not compared."
        return Check("clock", Level.WARNING, words)
    difference = now - answered_at
    seconds = abs(round(difference.total_seconds()))
    if abs(difference) <= CLOCK_TOLERANCE:
        return Check("clock", Level.OK, "agrees with ClickHouse Cloud's.")
    way = "ahead of" if difference > timedelta() else "behind"
    words = f"is {seconds} s {way} ClickHouse Cloud's, so times on pages are wrong."
    remedy = "Let this machine follow a time server."
    if abs(difference) < LONGEST_APART:
        return Check("clock", Level.WARNING, words, remedy)
    words = f"{words} Changes made here are taken for somebody else's."
    return Check("clock", Level.FAULT, words, remedy)


def explain_refusal(settings: Settings, client: CloudClient, error: CloudError) -> str:
    """What the person who sets the portal up can do; the error's own remedy is for its users."""
    if other := _other_organization(settings, client, error):
        return other
    if isinstance(error, CloudKeyRefused):
        key = settings.cloud
        if len(key.key_id.get_secret_value()) > len(key.key_secret.get_secret_value()):
            return (
                "CLICKHOUSE_API_KEY is longer than CLICKHOUSE_API_SECRET, so they may stand in "
                "each other's place. Exchange them."
            )
        return (
            "Check CLICKHOUSE_API_KEY and CLICKHOUSE_API_SECRET, and in the console whether the "
            "key is active, not expired, and open to this machine's address."
        )
    if isinstance(error, CloudNotFound):
        return "Check CLICKHOUSE_ORGANIZATION_ID."
    return "Check CLICKHOUSE_API_URL and that this machine can reach it, then try again."


def _other_organization(settings: Settings, client: CloudClient, error: CloudError) -> str:
    """What to do if the key is good and belongs to another organisation; empty if not."""
    if not isinstance(error, CloudRejected):
        return ""
    try:
        ids = client.list_organization_ids()
    except CloudError:
        return ""
    if not ids or settings.cloud.organization_id in ids:
        return ""
    return (
        f"The key works, and belongs to the organisation {', '.join(ids)}. "
        "Check CLICKHOUSE_ORGANIZATION_ID."
    )
