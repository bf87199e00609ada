"""How a check of a name and password can end, by the names that it is counted under."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.errors import (
    CredentialRefusal,
    NotYet,
    PortalBusy,
    ProviderRefusal,
    SignInRefused,
    Throttled,
    WakeNeeded,
)
from app.metrics import Metrics
from app.services.sign_in.verifiers.refusals import UNKNOWN_SERVICE

OK = "ok"
ADMINISTRATOR = "administrator"
CLICKHOUSE = "clickhouse"
COMPANY = "company"

HELD_BACK = (Throttled.code, PortalBusy.code)
UNCHECKED = (
    "cloud_unreachable",
    "nothing_running",
    "changes_closed",
    "too_many_wakes",
    "unusable_endpoint",
)
"""Why a password could not be sent to any compute group."""

OUTCOMES = {
    ADMINISTRATOR: frozenset({OK, CredentialRefusal.WRONG_CREDENTIALS.value, *HELD_BACK}),
    CLICKHOUSE: frozenset(
        {
            OK,
            *(refusal.value for refusal in CredentialRefusal),
            *HELD_BACK,
            *UNCHECKED,
            UNKNOWN_SERVICE,
            WakeNeeded.code,
        }
    ),
    COMPANY: frozenset(
        {
            OK,
            *(refusal.value for refusal in ProviderRefusal),
            *(refusal.value for refusal in CredentialRefusal),
            *HELD_BACK,
            *UNCHECKED,
            WakeNeeded.code,
        }
    ),
}
"""By the way of signing in."""


def begin_counts(metrics: Metrics) -> None:
    """Count each of them from 0."""
    for channel, outcomes in OUTCOMES.items():
        metrics.begin_sign_ins(channel, sorted(outcomes))


@contextmanager
def counted(metrics: Metrics, channel: str) -> Iterator[None]:
    """Around one check of a name and password: counts how it ended."""
    try:
        yield
    except SignInRefused as refusal:
        metrics.count_sign_in(channel, str(refusal.reason))
        raise
    except NotYet as refusal:
        metrics.count_sign_in(channel, refusal.code)
        raise
    metrics.count_sign_in(channel, OK)
