"""`config init` where warehouses have files of their own."""

from pathlib import Path
from typing import Any

import yaml

from app.sandbox.server import Sandbox
from app.settings import load_catalog
from tests.unit.cli.config.helpers import run
from tests.unit.cli.helpers import ROOT


def separate(folder: Path) -> tuple[Path, list[dict[str, Any]]]:
    """The sandbox's file of groups without its warehouses, and these, for files of their own."""
    content = yaml.safe_load((ROOT / "configs/sandbox_org_config.yaml").read_text(encoding="utf-8"))
    warehouses = content.pop("warehouses")
    path = folder / "org_config.yaml"
    (folder / "org_config.d").mkdir()
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path, warehouses


def put(folder: Path, name: str, warehouse: dict[str, Any]) -> None:
    """A warehouse in a file of its own."""
    text = yaml.safe_dump(warehouse, sort_keys=False)
    (folder / "org_config.d" / name).write_text(text, encoding="utf-8")


def test_what_belongs_into_a_file_of_its_own_is_told_with_its_name(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    path, (analytics, marketing) = separate(tmp_path)
    left_out = analytics["groups"].pop()
    put(tmp_path, "analytics.yaml", analytics)
    text = path.read_text(encoding="utf-8") + yaml.safe_dump({"warehouses": [marketing]})
    path.write_text(text, encoding="utf-8")
    result = run(sandbox, path, "init", "--from-cloud", "--output", str(path))
    assert result.exit_code == 2
    assert f"({left_out['service_id']}) to analytics.yaml." in result.stderr
    assert path.read_text(encoding="utf-8") == text


def test_a_new_warehouse_is_put_into_the_file_beside_those_of_the_folder(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    path, (analytics, marketing) = separate(tmp_path)
    (left_out,) = marketing["groups"]
    marketing["groups"] = [{"service_id": "0c000000-0000-4000-8000-000000000099", "name": "Old"}]
    put(tmp_path, "analytics.yaml", analytics)
    text = yaml.safe_dump({"warehouses": [{**marketing, "key": "marketing-campaigns"}]})
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    result = run(sandbox, path, "init", "--from-cloud", "--output", str(path))
    assert result.exit_code == 0, result.stderr
    group = load_catalog(path).find_group(left_out["service_id"])
    assert group is not None
    assert group.warehouse == "marketing-campaigns-2"


def test_a_new_warehouse_is_put_into_a_file_without_any_below_what_stands_there(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    path, (analytics, marketing) = separate(tmp_path)
    put(tmp_path, "analytics.yaml", analytics)
    before = path.read_text(encoding="utf-8")
    result = run(sandbox, path, "init", "--from-cloud", "--output", str(path))
    assert result.exit_code == 0, result.stderr
    after = path.read_text(encoding="utf-8")
    assert after.startswith(before + "warehouses:\n")
    (added,) = yaml.safe_load(after)["warehouses"]
    named = [group["service_id"] for group in added["groups"]]
    assert named == [group["service_id"] for group in marketing["groups"]]
    assert load_catalog(path).find_group(named[0])


def test_what_cannot_get_a_list_of_warehouses_is_told(sandbox: Sandbox, tmp_path: Path) -> None:
    path, (analytics, _) = separate(tmp_path)
    put(tmp_path, "analytics.yaml", analytics)
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(content, default_flow_style=True, width=10**6))
    result = run(sandbox, path, "init", "--from-cloud", "--output", str(path))
    assert result.exit_code == 2
    assert "add to it by hand" in result.stderr


def test_a_file_whose_warehouses_all_have_files_of_their_own_stays_as_it_is(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    path, (analytics, marketing) = separate(tmp_path)
    put(tmp_path, "analytics.yaml", analytics)
    put(tmp_path, "marketing.yaml", marketing)
    result = run(sandbox, path, "init", "--from-cloud")
    assert (result.exit_code, result.stdout) == (0, path.read_text(encoding="utf-8"))


def test_a_new_file_beside_a_folder_names_what_the_folder_does_not(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    path, (analytics, marketing) = separate(tmp_path)
    path.unlink()
    groups = [{key: item[key] for key in ("service_id", "name")} for item in analytics["groups"]]
    put(tmp_path, "analytics.yaml", {"key": "analytics", "name": "Analytics", "groups": groups})
    content = yaml.safe_load(run(sandbox, path, "init", "--from-cloud").stdout)
    named = [group["service_id"] for item in content["warehouses"] for group in item["groups"]]
    assert named == [group["service_id"] for group in marketing["groups"]]
