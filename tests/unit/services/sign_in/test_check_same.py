"""Whether who was proven again is who is signed in."""

import pytest

from app.domain.access.permissions import Identity
from app.errors import ProviderRefusal, ProviderRefused
from app.services.sign_in.company_checks import check_same

ERIN = Identity("analytics", "acme:erin", frozenset())


def test_the_same_person_is_the_same_whatever_roles() -> None:
    check_same(ERIN, "analytics", "acme:erin")


@pytest.mark.parametrize(
    ("person", "warehouse", "user"),
    [
        (None, "analytics", "acme:erin"),
        (ERIN, "analytics", "acme:frank"),
        (ERIN, "sales", "acme:erin"),
    ],
)
def test_anybody_else_is_somebody_else(person: Identity | None, warehouse: str, user: str) -> None:
    with pytest.raises(ProviderRefused) as refusal:
        check_same(person, warehouse, user)
    assert refusal.value.refusal is ProviderRefusal.SOMEBODY_ELSE
