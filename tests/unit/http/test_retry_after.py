"""Whoever is to wait is told for how long, where anything is known of it."""

import pytest

from app.errors import (
    CloudNotAsked,
    CloudTooBusy,
    CredentialRefusal,
    NotFound,
    PortalBusy,
    PortalError,
    Throttled,
)
from app.http.retry_after import QUOTA_SECONDS, retry_headers
from app.services.sign_in.verifiers.refusals import refused


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (PortalBusy(), 5),
        (Throttled(retry_after_seconds=7), 7),
        (CloudTooBusy(message="", retry_after_seconds=2.1), 3),
        (CloudNotAsked(message="", retry_after_seconds=0.2), 1),
        (refused(CredentialRefusal.TOO_MANY_ATTEMPTS), QUOTA_SECONDS),
    ],
)
def test_a_refusal_that_passes_says_when(error: PortalError, seconds: int) -> None:
    assert retry_headers(error) == {"Retry-After": str(seconds)}


@pytest.mark.parametrize("error", [NotFound(), refused(CredentialRefusal.WRONG_CREDENTIALS)])
def test_waiting_does_not_help_against_the_others(error: PortalError) -> None:
    assert retry_headers(error) == {}
