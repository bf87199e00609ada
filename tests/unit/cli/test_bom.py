"""The list of components: each package of the lock file, and nothing else."""

import json
from typing import Any

from click.testing import CliRunner

from app.cli.bom import bom, build_bom

LOCK = f"""# made by a tool
Some_Package.x==1.2.3 ; python_version < "3.12" \\
    --hash=sha256:{"a" * 64} \\
    --hash=sha256:{"b" * 64}
other==2
"""


# ASVS 15.1.2
def test_every_package_of_the_lock_is_in_the_list_with_its_hashes() -> None:
    built: dict[str, Any] = build_bom(LOCK)
    assert (built["bomFormat"], built["specVersion"]) == ("CycloneDX", "1.6")
    first, second = built["components"]
    assert first["purl"] == "pkg:pypi/some-package-x@1.2.3"
    assert [item["content"] for item in first["hashes"]] == ["a" * 64, "b" * 64]
    assert second["purl"] == "pkg:pypi/other@2"


def test_the_command_prints_what_the_portal_runs_with() -> None:
    printed = json.loads(CliRunner().invoke(bom).stdout)
    names = {item["name"] for item in printed["components"]}
    assert {"flask", "gunicorn", "requests", "sqlalchemy"} <= names
    assert "pytest" not in names
    assert all(item["hashes"] for item in printed["components"])
