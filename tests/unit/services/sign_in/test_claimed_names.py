"""What was typed as a name is kept only where it is known to be one."""

import re

import pytest
from pydantic import SecretStr

from app.domain.access.permissions import AccessRule, Permission
from app.domain.groups.catalog import Catalog
from app.services.sign_in.administrator import Administrator
from app.services.sign_in.claimed_names import ClaimedNames
from app.services.sign_in.throttling.known_addresses import KnownAddresses
from tests.unit.builders import SetPolicy, make_catalog

UNKNOWN = re.compile("unknown name #[0-9a-f]{16}")
PASSWORD = "correct horse battery staple"
ROOT = Administrator("root", SecretStr("scrypt:hash"))


def catalog() -> Catalog:
    """Alice is named by the file, nobody else is."""
    named = AccessRule(frozenset({"alice"}), frozenset(), frozenset({Permission.VIEW}))
    return make_catalog(rules=(named,))


def names(trust: KnownAddresses | None = None, key: str = "key") -> ClaimedNames:
    """Over a file that names Alice, with an administrator `root`."""
    return ClaimedNames(SecretStr(key), SetPolicy(catalog()), trust or KnownAddresses(), ROOT)


@pytest.mark.parametrize("warehouse", ["analytics", "nowhere", "?", ""])
@pytest.mark.parametrize("typed", [PASSWORD, "", "x" * 500, "\ud800", "bob"])
def test_a_password_typed_as_a_name_is_not_kept(warehouse: str, typed: str) -> None:
    actor = names().actor(warehouse, typed)
    assert UNKNOWN.fullmatch(actor.user)
    assert actor.warehouse == warehouse


def test_the_same_text_is_told_from_others_and_only_with_the_key() -> None:
    def mark(typed: str, key: str = "key") -> str:
        return names(key=key).actor("analytics", typed).user

    assert mark(PASSWORD) == mark(PASSWORD)
    assert len({mark(PASSWORD), mark("another"), mark(PASSWORD, "another key")}) == 3


def test_known_names_are_kept() -> None:
    trust = KnownAddresses()
    trust.remember(("analytics", "bob"), "192.0.2.1")
    known = names(trust)
    assert known.actor("analytics", "alice").user == "alice"
    assert known.actor("analytics", "bob").user == "bob"
    assert known.actor("", "root").user == "root"
    assert known.actor("marketing", "bob").user == "bob"  # who chose the wrong warehouse
    assert UNKNOWN.fullmatch(known.actor("analytics", "bobby").user)
