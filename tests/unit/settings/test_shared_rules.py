"""What spares writing the same again: people, patterns, templates, tags and files of their own."""

from pathlib import Path

import pytest

from app.domain.access.permissions import Identity, Permission
from app.domain.groups.catalog import Catalog
from app.settings.org.config import parse_org_config, read_org_config
from app.settings.org.faults import Fault
from tests.unit.settings.helpers import GROUP_ID, OTHER_ID, read, yaml_faults

FILE = f"""
portal:
  limits: {{replicas: {{max: 20}}}}
people:
  data-team: {{users: [alice, bob], user_patterns: ["*@example.com"]}}
templates:
  small:
    limits: {{replicas: {{max: 2}}, max_total_gb: 64}}
    presets: [{{name: Tiny, memory_gb: 8}}]
    access:
      - people: [data-team]
        permissions: [operator]
warehouses:
  - key: analytics
    name: Analytics
    limits: {{replicas: {{max: 10}}, reason_required: true}}
    by_tag:
      - tag: Environment=production
        limits: {{replicas: {{max: 5}}, max_total_gb: 480}}
        access:
          - clickhouse_roles: [oncall]
            permissions: [power]
      - tag: Critical
        limits: {{replicas: {{max: 6}}, cooldown_minutes: 5}}
    groups:
      - service_id: {GROUP_ID}
        name: Primary
        like: small
        limits: {{max_total_gb: 32}}
      - service_id: {OTHER_ID}
        name: Reporting
        access:
          - users: [carol]
            user_patterns: ["etl_*"]
            permissions: [view]
"""
SMALL_RULE = "templates.small.access[0]"


def person(user: str, *roles: str) -> Identity:
    """Somebody of the warehouse."""
    return Identity("analytics", user, frozenset(roles))


def spoil(before: str, after: str) -> list[str]:
    """The faults of the file with one place changed."""
    assert before in FILE
    return yaml_faults(FILE.replace(before, after, 1))


def tagged(**tags: str) -> Catalog:
    """The catalog while the second group has these tags at Cloud."""
    under_tags = read(FILE).catalog.under_tags
    assert under_tags is not None
    return under_tags({OTHER_ID: tags})


@pytest.mark.parametrize("name", ["alice", "bob", "dana@example.com"])
def test_people_stand_for_their_users_and_patterns(name: str) -> None:
    primary, _ = read(FILE).catalog.all_groups()
    assert Permission.SCALE in primary.permissions_of(person(name))
    assert [rule.source for rule in primary.rules] == [SMALL_RULE]


@pytest.mark.parametrize("name", ["*@example.com.evil", "carol", "dana@example.org", "Alice"])
def test_people_stand_for_nobody_else(name: str) -> None:
    primary, _ = read(FILE).catalog.all_groups()
    assert primary.permissions_of(person(name)) == frozenset()


def test_a_group_takes_from_its_template_what_it_does_not_say_itself() -> None:
    primary, reporting = (group.limits for group in read(FILE).catalog.all_groups())
    assert (primary.max_total_gb, primary.max_replicas, primary.is_reason_required) == (32, 2, True)
    assert (reporting.max_total_gb, reporting.max_replicas) == (None, 10)
    assert [preset.name for preset in read(FILE).catalog.all_groups()[0].presets] == ["Tiny"]


def test_while_tags_are_not_known_what_they_deny_holds_and_what_they_give_does_not() -> None:
    denying = FILE.replace(
        "    by_tag:\n",
        "    by_tag:\n      - {tag: Secret, access: [{users: [zoe], deny: [view]}]}\n",
        1,
    )
    under_tags = read(denying).catalog.under_tags
    assert under_tags is not None
    denied = [rule.denied for group in under_tags({}).all_groups() for rule in group.rules]
    assert frozenset({Permission.VIEW}) in denied
    tags: dict[str, dict[str, str]] = {GROUP_ID: {}, OTHER_ID: {}}
    known = [rule.denied for group in under_tags(tags).all_groups() for rule in group.rules]
    assert frozenset({Permission.VIEW}) not in known


@pytest.mark.parametrize("tag", ["A = b", "A: b", "=b", "A=", "A=*", "*", "A= b"])
def test_a_tag_that_could_never_match_is_refused(tag: str) -> None:
    (fault,) = yaml_faults(FILE.replace("tag: Environment=production", f'tag: "{tag}"'))
    assert "by_tag[0].tag: is no tag" in fault


def test_without_tags_no_rule_by_tag_applies() -> None:
    _, reporting = read(FILE).catalog.all_groups()
    assert reporting.permissions_of(person("zoe", "oncall")) == frozenset()


def test_a_tag_with_its_value_brings_rules_and_limits() -> None:
    _, reporting = tagged(Environment="production").all_groups()
    assert Permission.POWER in reporting.permissions_of(person("zoe", "oncall"))
    assert (reporting.limits.max_replicas, reporting.limits.max_total_gb) == (5, 480)


def test_another_value_of_the_tag_brings_nothing() -> None:
    _, reporting = tagged(Environment="test", Other="production").all_groups()
    assert reporting.permissions_of(person("zoe", "oncall")) == frozenset()
    assert reporting.limits.max_replicas == 10


def test_of_two_tags_the_first_of_the_file_counts_first() -> None:
    _, reporting = tagged(Environment="production", Critical="").all_groups()
    assert (reporting.limits.max_replicas, reporting.limits.cooldown_minutes) == (5, 5)


def test_a_file_without_rules_by_tag_depends_on_no_tag() -> None:
    plain = FILE[: FILE.index("    by_tag:")] + FILE[FILE.index("    groups:") :]
    assert read(plain).catalog.under_tags is None


def test_limits_by_tag_are_compared_with_those_of_each_group() -> None:
    (fault,) = spoil("replicas: {max: 5}", "replicas: {min: 4}")
    # Of the group like small, which allows 2 at most.
    assert fault.startswith("templates.small.limits.replicas.max: is 2, below ")
    assert "warehouses[0].by_tag[0].limits.replicas.min, which is 4" in fault


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        (
            "people: [data-team]",
            "people: [data-tem]",
            f"{SMALL_RULE}.people[0]: is data-tem, which",
        ),
        ("like: small", "like: smal", "warehouses[0].groups[0].like: is smal, which does not"),
        ("users: [carol]", 'users: ["*@example.com"]', "users[0]: holds *, and here stand exact"),
        ("[oncall]", '["on*"]', "clickhouse_roles[0]: holds *, and here stand exact names"),
        ('"etl_*"', "etl", "user_patterns[0]: holds no *"),
        ("users: [alice, bob], user_patterns: ", "members: ", "people.data-team.members: is not"),
    ],
)
def test_a_name_that_names_nothing_is_refused(before: str, after: str, fault: str) -> None:
    assert any(fault in line for line in spoil(before, after))


def test_a_rule_needs_somebody_of_any_kind() -> None:
    (fault,) = spoil("- people: [data-team]", "- people: []")
    assert fault.endswith("and users, user_patterns and people are all empty")


@pytest.mark.parametrize(
    ("before", "after", "remedy"),
    [
        ("like: small", "lik: small", "Did you mean like? Write that, or remove it."),
        ("max_total_gb: 32", "max_totl_gb: 32", "Did you mean max_total_gb?"),
        ("portal:", "portl:", "Did you mean portal?"),
        ("reason_required", "is_reason_required", "Did you mean reason_required?"),
        ("like: small", "like: smal", "Did you mean small?"),
        ("- tag:", "- tags:", "Did you mean tag?"),
    ],
)
def test_a_key_that_is_almost_right_is_answered_with_the_right_one(
    before: str, after: str, remedy: str
) -> None:
    _, faults = parse_org_config(FILE.replace(before, after, 1))
    assert any(fault.remedy.startswith(remedy) for fault in faults)


SEPARATE = f"""
key: marketing
name: Marketing
access:
  - people: [data-team]
    permissions: [viewer]
groups:
  - service_id: {OTHER_ID[:-1]}9
    name: Campaigns
"""


def write(folder: Path, name: str, text: str) -> None:
    """Put a file beside org_config.yaml."""
    (folder / "org_config.d").mkdir(exist_ok=True)
    (folder / "org_config.d" / name).write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the file, and one warehouse in a file of its own."""
    (tmp_path / "org_config.yaml").write_text(FILE, encoding="utf-8")
    write(tmp_path, "marketing.yaml", SEPARATE)
    return tmp_path


def test_each_file_of_the_folder_is_one_warehouse(folder: Path) -> None:
    write(folder, "README.md", "no warehouse")
    write(folder, ".hidden.yaml", "[")
    config, faults = read_org_config(folder / "org_config.yaml")
    assert (faults, config is None) == ([], False)
    assert config is not None
    assert [item.key for item in config.catalog.warehouses] == ["analytics", "marketing"]
    (rule,) = config.catalog.warehouses[1].groups[0].rules
    assert (rule.source, "alice" in rule.users) == ("warehouses[marketing.yaml].access[0]", True)


def test_all_warehouses_may_have_files_of_their_own(folder: Path) -> None:
    text = FILE[: FILE.index("warehouses:")]
    (folder / "org_config.yaml").write_text(text, encoding="utf-8")
    config, faults = read_org_config(folder / "org_config.yaml")
    assert faults == []
    assert config is not None
    assert [item.key for item in config.catalog.warehouses] == ["marketing"]


def test_faults_of_every_file_come_at_once_with_its_name(folder: Path) -> None:
    write(folder, "marketing.yaml", SEPARATE.replace("name: Campaigns", "nam: Campaigns"))
    write(folder, "sales.yaml", "key: [")
    write(folder, "twice.yaml", SEPARATE)
    _, faults = read_org_config(folder / "org_config.yaml")
    told = [f"{fault.path}: {fault.what}" for fault in faults]
    assert told[0].startswith("warehouses[sales.yaml]: line 1, column ")
    assert "warehouses[marketing.yaml].groups[0].name: is missing" in told
    assert "warehouses[twice.yaml].key: is the same as warehouses[marketing.yaml].key" in told


@pytest.mark.parametrize("name", ["sales.yml", "sales.YAML"])
def test_a_file_with_another_ending_of_yaml_is_told(folder: Path, name: str) -> None:
    write(folder, name, SEPARATE)
    _, faults = read_org_config(folder / "org_config.yaml")
    assert faults == [
        Fault(
            f"warehouses[{name}]: the file",
            f"is named .{name.partition('.')[2]}",
            "Name it sales.yaml, or move it to another folder.",
        )
    ]


@pytest.mark.parametrize("written", ["0", "{a: {key: x, name: X}}"])
def test_warehouses_that_are_no_list_are_told_beside_a_folder_too(
    folder: Path, written: str
) -> None:
    text = FILE[: FILE.index("warehouses:")] + f"warehouses: {written}\n"
    (folder / "org_config.yaml").write_text(text, encoding="utf-8")
    _, faults = read_org_config(folder / "org_config.yaml")
    assert [f"{fault.path}: {fault.what}" for fault in faults] == ["warehouses: is not a list"]


def test_a_mapping_of_warehouses_is_still_no_list() -> None:
    assert spoil("  - key: analytics\n    name", "    key: analytics\n    name")
