"""The templates in `configs/`, and the sandbox's `org_config.yaml`."""

import re
from pathlib import Path

from app.domain.access.permissions import ALL_PERMISSIONS, BUNDLES, Identity
from app.domain.changes.rules import check_request
from app.domain.changes.scaling_request import ScalingRequest
from app.domain.groups.scaling import ScalingConfig, ScalingMode
from app.settings import ENVIRONMENT, load_catalog
from app.settings.org.config import parse_org_config, read_org_config
from tests.unit.settings.helpers import GROUP_ID, OTHER_ID, faults_of, make_root, read

CONFIGS = Path(__file__).parents[3] / "configs"


def test_an_unchanged_env_template_is_refused_line_by_line(tmp_path: Path) -> None:
    text = (CONFIGS / ".env_template").read_text(encoding="utf-8")
    root = make_root(tmp_path, env_file=text)
    given = [line.partition("=")[0] for line in text.splitlines() if "=<" in line]
    left_out: dict[str, str | None] = dict.fromkeys(given)
    assert faults_of(root, **left_out) == tuple(
        f"configs/.env: {name}: is still the template's placeholder. "
        "Put your own value in its place."
        for name in (item.name for item in ENVIRONMENT)
        if name in given
    )
    assert len(given) == 5


# ASVS 2.1.3
def test_what_the_list_of_groups_shows_in_comments_is_right_too() -> None:
    text = (CONFIGS / "org_config.yaml_template").read_text(encoding="utf-8")
    text = re.sub(r"#(?=[a-z_]+: |  \*\*)", "", text)
    text = re.sub(r"<the .*>", "the team", text)
    text = text.replace("<id of a service that is always running>", OTHER_ID)
    text = text.replace("<id of the service in ClickHouse Cloud>", GROUP_ID)
    both = [("portal.limits.memory_gb", "stands beside portal.limits.memory_choices_gb")]
    assert [fault[:2] for fault in parse_org_config(text)[1]] == both
    (group,) = read(text.replace("    memory_choices_gb:", "    #")).catalog.all_groups()
    assert group.limits.memory_choices_gb == (8, 16, 24, 32, 40, 48, 56, 64)
    assert (group.limits.max_replicas, group.limits.reauthenticate_above_gb) == (4, 256)


def test_the_env_template_shows_every_other_setting_with_its_default() -> None:
    lines = (CONFIGS / ".env_template").read_text(encoding="utf-8").splitlines()
    shown = dict(line[1:].split("=", 1) for line in lines if line.startswith("#PORTAL_"))
    defaults = {item.name: item.default for item in ENVIRONMENT if item.name in shown}
    of_instance = {
        "PORTAL_DATABASE_URL": "sqlite:///instance/portal.db",
        "PORTAL_AUDIT_ANCHOR": "instance/audit.anchor",
    }
    assert shown == defaults | of_instance


def test_an_unchanged_list_of_groups_is_refused_for_its_placeholders_alone() -> None:
    _, faults = read_org_config(CONFIGS / "org_config.yaml_template")
    assert [(key, what) for key, what, _ in faults] == [
        ("portal.contact", "is still the template's placeholder"),
        ("warehouses[0].groups[0].service_id", "is still the template's placeholder"),
    ]


def test_a_missing_list_of_groups_says_what_to_copy(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    (root / "configs/org_config.yaml").unlink()
    (line,) = faults_of(root)
    assert line.startswith("configs/org_config.yaml: the file: is missing. ")
    assert line.endswith("Copy configs/org_config.yaml_template to it and fill it in.")


def test_a_list_of_groups_that_is_not_text_is_refused(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    (root / "configs/org_config.yaml").write_bytes(b"\xff\xfe")
    assert faults_of(root)[0].startswith("configs/org_config.yaml: the file: cannot be read")


def test_the_sandboxs_list_of_groups_is_right() -> None:
    config, faults = read_org_config(CONFIGS / "sandbox_org_config.yaml")
    assert faults == []
    assert config is not None
    assert [warehouse.name for warehouse in config.catalog.warehouses] == ["Analytics", "Marketing"]


def test_alice_may_make_the_sandboxs_reporting_group_larger_without_further_ado() -> None:
    catalog = load_catalog(CONFIGS / "sandbox_org_config.yaml")
    reporting = next(group for group in catalog.all_groups() if group.name == "Analytics reporting")
    assert reporting.permissions_of(Identity("analytics", "alice", frozenset())) == ALL_PERMISSIONS
    current = ScalingConfig(
        mode=ScalingMode.VERTICAL,
        min_memory_gb=8,
        max_memory_gb=16,
        min_replicas=1,
        max_replicas=1,
        idle_scaling=True,
        idle_timeout_minutes=10,
    )
    request = ScalingRequest(min_memory_gb=8, max_memory_gb=64, num_replicas=4)
    assert check_request(request, current, reporting.limits) == ()
    assert request.applied_to(current).max_total_gb == reporting.limits.reauthenticate_above_gb


def test_the_sandboxs_people_have_what_their_names_promise() -> None:
    catalog = load_catalog(CONFIGS / "sandbox_org_config.yaml")
    *analytics, marketing = catalog.all_groups()
    bob = Identity("analytics", "bob", frozenset({"analytics_viewer"}))
    dana = Identity("marketing", "dana", frozenset({"marketing_operator"}))
    assert {group.permissions_of(bob) for group in analytics} == {BUNDLES["viewer"]}
    assert marketing.permissions_of(dana) == BUNDLES["operator"]
    assert catalog.groups_of(dana) == (marketing,)
