"""The flat shape of `org_config.yaml`: each service is a warehouse with one user."""

import pytest

from app.domain.access.permissions import Identity, Permission
from tests.unit.settings.helpers import GROUP_ID, OTHER_ID, read, yaml_faults

HASH = "scrypt:32768:8:1$saltsalt$" + 128 * "0"
SERVICES = f"""
services:
  - service_id: {GROUP_ID.upper()}
    username: alice
    password_hash: {HASH}
    name: Reporting
  - service_id: {OTHER_ID}
    username: alice
    password: plain words
"""
NAMED = f"""
services:
  service1:
    service_name: "Scale Service 01"
    service_id: "{GROUP_ID}"
    username: "user1"
    password: "User1ShallPass"
  service2:
    service_name: "Scale Service 02"
    service_id: "{OTHER_ID}"
    username: "user2"
    password: "User2ShallPass"
"""


def test_each_service_is_a_warehouse_with_one_group() -> None:
    first, second = read(SERVICES).catalog.warehouses
    assert (first.key, first.name, first.sign_in_service_id) == (GROUP_ID, "Reporting", GROUP_ID)
    assert [group.service_id for group in first.groups] == [GROUP_ID]
    assert (second.key, second.name) == (OTHER_ID, OTHER_ID)


def test_its_user_may_view_and_scale_it_and_nobody_else_may_anything() -> None:
    catalog = read(SERVICES).catalog
    first, second = catalog.all_groups()
    alice = Identity(GROUP_ID, "alice", frozenset())
    assert first.permissions_of(alice) == {Permission.VIEW, Permission.BOOST, Permission.SCALE}
    # The same name at another service may be another person.
    assert catalog.groups_of(alice) == (first,)
    bob = Identity(OTHER_ID, "bob", frozenset({"alice"}))
    assert second.permissions_of(bob) == frozenset()
    assert first.rules[0].source == "services[0]"


def test_secrets_are_kept_unseen_and_only_plain_ones_are_warned_about() -> None:
    config = read(SERVICES)
    first, second = (warehouse.local_user for warehouse in config.catalog.warehouses)
    assert first is not None
    assert second is not None
    assert (first.secret.get_secret_value(), first.is_hash) == (HASH, True)
    assert (second.secret.get_secret_value(), second.is_hash) == ("plain words", False)
    (line,) = config.warnings
    assert line.startswith("services[1].password: is in plain text. Write password_hash instead.")
    assert "plain words" not in repr(config)
    assert HASH not in repr(config)


def test_without_a_password_clickhouse_is_asked() -> None:
    text = SERVICES.replace(f"    password_hash: {HASH}\n", "")
    assert read(text).catalog.warehouses[0].local_user is None


def test_services_may_stand_under_words_of_their_own() -> None:
    config = read(NAMED)
    assert [item.name for item in config.catalog.warehouses] == [
        "Scale Service 01",
        "Scale Service 02",
    ]
    assert config.catalog.all_groups()[1].rules[0].source == "services.service2"
    assert [line.split(": ")[0] for line in config.warnings] == [
        "services.service1.password",
        "services.service2.password",
    ]


def test_the_portals_own_part_holds_for_services_too() -> None:
    config = read("portal: {contact: the team, limits: {replicas: {max: 3}}}\n" + SERVICES)
    assert config.catalog.presentation.contact == "the team"
    assert {group.limits.max_replicas for group in config.catalog.all_groups()} == {3}


SPOILT = [
    ("username: alice\n    password_hash", "user: alice\n    password_hash", "[0].username: is mi"),
    (GROUP_ID.upper(), "<SERVICE_ID_1>", "[0].service_id: is still the template's placeholder"),
    (GROUP_ID.upper(), "65444asdasdas", "[0].service_id: is not an id of the form"),
    (OTHER_ID, GROUP_ID, "[1].service_id: is the same as services[0].service_id"),
    ("plain words", "<PASSWORD_2>", "[1].password: is still the template's placeholder"),
    ("plain words", "''", "[1].password: is empty"),
    ("plain words", "12345", "[1].password: is not text"),
    ("password: plain words", "password:", "[1].password: is left empty"),
    (HASH, "pbkdf2:sha256:1$abc$def", "[0].password_hash: is not a hash of the form scrypt"),
    ("name: Reporting", "password: both", "[0]: has a password and a password_hash"),
    ("name: Reporting", "permissions: [owner]", "[0].permissions: is not known here"),
]


@pytest.mark.parametrize(("before", "after", "fault"), SPOILT)
def test_an_unusable_value_is_refused_at_its_path(before: str, after: str, fault: str) -> None:
    assert SERVICES.count(before) == 1
    lines = yaml_faults(SERVICES.replace(before, after))
    assert any(line.startswith(f"services{fault}") for line in lines), lines
    assert not any(secret in str(lines) for secret in ("plain words", "both'", "12345"))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("services: []", "services: is empty"),
        ("services: {}", "services: is empty"),
        ("services:", "services: is not a list"),
        (NAMED.replace("service1:", "null:"), "services.None.[key]: is not text"),
        (SERVICES + "warehouses: []", "warehouses: is not known here"),
        (NAMED.replace(OTHER_ID, GROUP_ID), "services.service2.service_id: is the same as"),
        (
            "portal: {limits: {replicas: {min: 5, max: 3}}}\n" + SERVICES,
            "portal.limits.replicas.min: is 5, above portal.limits.replicas.max, which is 3",
        ),
    ],
)
def test_a_file_of_another_shape_is_refused(text: str, fault: str) -> None:
    assert any(line.startswith(fault) for line in yaml_faults(text)), yaml_faults(text)
