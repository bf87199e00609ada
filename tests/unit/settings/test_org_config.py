"""`org_config.yaml`: the catalog it results in, and unusable values and shapes."""

import pytest

from app.domain.access.permissions import Identity, Permission
from tests.unit.settings.helpers import GROUP_ID, ORG_CONFIG, OTHER_ID, read, yaml_faults

ID_FORM = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
FULL = f"""
portal:
  title: Scaling
  time_zone: Europe/Berlin
  contact: the data team (data@example.com)
  limits:
    reason_required: true
    memory_choices_gb: [16, 8, 16]
warehouses:
  - key: analytics
    name: Analytics
    sign_in_service_id: 0C000000-0000-4000-8000-000000000099
    access:
      - clickhouse_roles: [viewer]
        permissions: [view]
    groups:
      - service_id: {GROUP_ID.upper()}
        name: Primary
        access:
          - users: [alice]
            clickhouse_roles: [operator]
            permissions: [view, scale]
      - service_id: {OTHER_ID}
        name: Reporting
"""


def spoil(before: str, after: str) -> list[str]:
    """The faults of the full text with one place changed."""
    assert FULL.count(before) == 1
    return yaml_faults(FULL.replace(before, after))


def test_all_of_it_becomes_the_catalog() -> None:
    config = read(FULL)
    assert (config.catalog.presentation.title, config.time_zone) == ("Scaling", "Europe/Berlin")
    assert config.catalog.presentation.contact == "the data team (data@example.com)"
    (warehouse,) = config.catalog.warehouses
    assert (warehouse.key, warehouse.name) == ("analytics", "Analytics")
    assert warehouse.sign_in_service_id == "0c000000-0000-4000-8000-000000000099"
    assert [group.service_id for group in warehouse.groups] == [GROUP_ID, OTHER_ID]
    assert [group.warehouse for group in warehouse.groups] == ["analytics", "analytics"]


def test_a_groups_own_rules_add_to_those_of_its_warehouse() -> None:
    primary, reporting = read(FULL).catalog.all_groups()
    alice = Identity("analytics", "alice", frozenset())
    bob = Identity("analytics", "bob", frozenset({"viewer"}))
    assert primary.permissions_of(alice) == {Permission.VIEW, Permission.SCALE}
    assert primary.permissions_of(bob) == {Permission.VIEW}
    assert reporting.permissions_of(alice) == frozenset()
    assert reporting.permissions_of(bob) == {Permission.VIEW}


def test_the_portals_limits_hold_for_every_group() -> None:
    for group in read(FULL).catalog.all_groups():
        assert group.limits.memory_choices_gb == (8, 16)
        assert group.limits.is_reason_required


def test_the_portals_own_part_can_be_left_out() -> None:
    config = read(ORG_CONFIG)
    assert (config.time_zone, config.catalog.all_groups()[0].limits.is_reason_required) == (
        "UTC",
        False,
    )


def test_all_faults_come_at_once_each_with_its_path() -> None:
    text = FULL.replace("[16, 8, 16]", "[6, 360]").replace("[view, scale]", "[fly]")
    text = text.replace("Europe/Berlin", "Europe/Atlantis").replace(OTHER_ID, "reporting")
    assert yaml_faults(text) == [
        "portal.time_zone: is not a known time zone",
        "portal.limits.memory_choices_gb[0]: is not a multiple of 4 from 8 to 356",
        "portal.limits.memory_choices_gb[1]: is not a multiple of 4 from 8 to 356",
        "warehouses[0].groups[0].access[0].permissions[0]: is not a known permission",
        f"warehouses[0].groups[1].service_id: is not an id of the form {ID_FORM}",
    ]


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ('""', "is empty"),
        ("7", "is not text"),
        ("", "is left empty"),
        (f"'{'x' * 2001}'", "is too long"),
        ('"a\\u202eb"', "holds control characters"),
        ('"a\\u2028b"', "holds control characters"),
    ],
)
def test_a_note_is_some_lines_of_plain_text(written: str, fault: str) -> None:
    assert read(FULL).catalog.presentation.note == ""
    lines = FULL.replace("  contact:", "  note: |\n    **Sunday**\n\n    \t- off\n  contact:")
    assert read(lines).catalog.presentation.note == "**Sunday**\n\n\t- off"
    (found,) = spoil("  contact:", f"  note: {written}\n  contact:")
    assert found.startswith(f"portal.note: {fault}")


PORTAL = "portal"
LIMITS = "portal.limits"
GROUP = "warehouses[0].groups[0]"
RULE = f"{GROUP}.access[0]"
SPOILT = [
    ("title: Scaling", "tittle: Scaling", f"{PORTAL}.tittle: is not known here"),
    ("title: Scaling", "title: 7", f"{PORTAL}.title: is not text"),
    ("title: Scaling", "title: ''", f"{PORTAL}.title: is empty"),
    ("title: Scaling", f"title: {'x' * 201}", f"{PORTAL}.title: is too long"),
    ("title: Scaling", 'title: "a\\nb"', f"{PORTAL}.title: holds line breaks"),
    ("Europe/Berlin", "../Berlin", f"{PORTAL}.time_zone: is not a known time zone"),
    ("Europe/Berlin", "Europe", f"{PORTAL}.time_zone: is not a known time zone"),
    ("the data team (data@example.com)", "<whom to ask>", f"{PORTAL}.contact: is still the"),
    ("reason_required: true", "reason_required: 1", f"{LIMITS}.reason_required: is neither"),
    ("[16, 8, 16]", "[]", f"{LIMITS}.memory_choices_gb: is empty"),
    ("[16, 8, 16]", "['16']", f"{LIMITS}.memory_choices_gb[0]: is not a whole number"),
    ("[16, 8, 16]", "[true]", f"{LIMITS}.memory_choices_gb[0]: is not a whole number"),
    ("[16, 8, 16]", "[4]", f"{LIMITS}.memory_choices_gb[0]: is not a multiple"),
    ("[16, 8, 16]", "16", f"{LIMITS}.memory_choices_gb: is not a list"),
    ("key: analytics", "key: Analytics 1", "warehouses[0].key: is not a plain word"),
    ("key: analytics", "kee: analytics", "warehouses[0].key: is missing"),
    (GROUP_ID.upper(), "<id of the service>", f"{GROUP}.service_id: is still the template's"),
    ("[alice]", "[yes]", f"{RULE}.users[0]: is not text"),
    ("[alice]", "[42]", f"{RULE}.users[0]: is not text"),
    ("[alice]", "alice", f"{RULE}.users: is not a list"),
    ("[alice]", "['']", f"{RULE}.users[0]: is empty"),
    ("[alice]", "['alice ']", f"{RULE}.users[0]: has blanks around it"),
    ("[viewer]", "[' viewer']", "warehouses[0].access[0].clickhouse_roles[0]: has blanks around"),
    (
        "    sign_in_service_id: 0C000000-0000-4000-8000-000000000099",
        "    sign_in_service_id:",
        "warehouses[0].sign_in_service_id: is left empty",
    ),
    ("[view, scale]", "[]", f"{RULE}.permissions: is empty"),
    ("clickhouse_roles: [viewer]", "users: []", "warehouses[0].access[0].clickhouse_roles: and"),
    (OTHER_ID, GROUP_ID, f"warehouses[0].groups[1].service_id: is the same as {GROUP}.service_id"),
]


@pytest.mark.parametrize(("before", "after", "fault"), SPOILT)
def test_an_unusable_value_is_refused_at_its_path(before: str, after: str, fault: str) -> None:
    assert any(line.startswith(fault) for line in spoil(before, after))


def test_warehouses_have_keys_of_their_own() -> None:
    second = ORG_CONFIG.replace("warehouses:\n", "").replace(GROUP_ID, OTHER_ID)
    assert yaml_faults(ORG_CONFIG + second) == [
        "warehouses[1].key: is the same as warehouses[0].key"
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "the file: is empty"),
        ("# nothing yet", "the file: is empty"),
        ("- a list", "the file: is not a set of keys"),
        ("portal: {}", "warehouses: is missing"),
        ("warehouses: []", "warehouses: is empty"),
        ("warehouses: [{key: a, name: A, groups: []}]", "warehouses[0].groups: is empty"),
        ("a: [1,\nb: 2", "line 2, column 5: expected"),
        ("a: !!python/object:os.system {}", "line 1, column 4: could not determine a constructor"),
        ("a: 2026-13-45", "the file: cannot be understood"),
        ("a: \x01", "the file: is not YAML"),
        ("&a [*a]", "the file: is not a set of keys"),
    ],
)
def test_a_file_of_another_shape_is_refused(text: str, fault: str) -> None:
    assert yaml_faults(text)[0].startswith(fault)


def test_a_key_that_stands_twice_is_refused_where_it_stands() -> None:
    text = FULL.replace("  contact:", "  title: Other\n  contact:")
    assert yaml_faults(text) == ["line 5, column 3: the key 'title' stands twice in one place"]


def test_a_merged_mapping_may_be_overridden() -> None:
    text = ORG_CONFIG.replace(
        "users: [alice]", "<<: &rule {users: [bob]}\n            users: [alice]"
    )
    (group,) = read(text).catalog.all_groups()
    assert group.rules[0].users == {"alice"}


CHAINED = f"""\
warehouses:
  - key: analytics
    name: Analytics
    groups:
      - service_id: {GROUP_ID}
        name: Primary
        limits: &base {{max_total_gb: 64}}
      - service_id: {OTHER_ID}
        name: Reporting
        limits: &other
          <<: *base
          max_total_gb: 32
  - key: finance
    name: Finance
    limits: {{<<: *other}}
    groups:
      - {{service_id: {OTHER_ID[:-1]}9, name: Finance primary}}
"""


def test_what_was_merged_may_be_merged_again() -> None:
    groups = read(CHAINED).catalog.all_groups()
    assert [group.limits.max_total_gb for group in groups] == [64, 32, 32]
