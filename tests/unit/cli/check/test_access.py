"""What `check-settings` says of access that nobody has, and of secrets that everybody can read."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.cli.check.access import check_access, check_files
from app.domain.groups.catalog import Catalog
from app.domain.groups.group import Particulars
from app.settings.org.config import parse_org_config
from tests.unit.builders import make_service
from tests.unit.settings.helpers import GROUP_ID, ORG_CONFIG

TAGGED = "    by_tag: [{tag: Team, access: [{users: [alice], permissions: [view]}]}]\n"


def read(text: str) -> Catalog:
    """The catalog of a file without faults."""
    config, faults = parse_org_config(text)
    assert config, faults
    return config.catalog


def without_rules() -> str:
    """The file of groups as `config init` leaves it: nobody is given anything."""
    lines = ORG_CONFIG.splitlines(keepends=True)
    kept = [line for line in lines if "users: [" not in line and "permissions: [" not in line]
    return "".join(kept).replace("access:\n", "access: []\n")


def test_a_warehouse_in_which_somebody_may_see_a_group_is_well() -> None:
    (found,) = check_access(read(ORG_CONFIG), {})
    assert found.level == "ok"


def test_a_warehouse_without_access_is_named_with_what_to_do() -> None:
    (found,) = check_access(read(without_rules()), {})
    assert found.level == "warning"
    assert found.to_line() == (
        "warning  access:     Nobody may see a group of Analytics, so nobody can sign in there. "
        "Write access in the file of groups."
    )


@pytest.mark.parametrize(("key", "level"), [("Team", "ok"), ("Other", "warning")])
def test_access_by_a_tag_counts_where_cloud_shows_the_tag(key: str, level: str) -> None:
    text = without_rules().replace("    groups:\n", f"{TAGGED}    groups:\n", 1)
    tagged = replace(make_service(GROUP_ID), particulars=Particulars(tags=((key, "data"),)))
    (found,) = check_access(read(text), {GROUP_ID: tagged})
    assert found.level == level


def test_a_secret_that_every_user_can_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("secret", encoding="utf-8")
    file.chmod(0o640)
    assert list(check_files([file])) == []
    file.chmod(0o644)
    (found,) = check_files([file])
    assert found.level == "warning"
    assert found.to_line().endswith(f"Run: chmod o-rwx {file}")
