"""The schemas that editors read: in step with the code, and true of the files that are shipped."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # it ships no types

from app.cli.config.command import ROOT, SCHEMAS, format_schema
from app.settings import ENVIRONMENT
from app.settings.json_schema import make_environment_schema, make_rules_schema
from tests.unit.settings.helpers import GOOD
from tests.unit.settings.test_shared_rules import FILE

CONFIGS = Path(__file__).parents[3] / "configs"


def errors(schema: dict[str, Any], content: object) -> list[str]:
    """Where content breaks the schema."""
    plain = json.loads(json.dumps(content, default=str))  # an editor sees a date as text
    return [item.json_path for item in Draft202012Validator(schema).iter_errors(plain)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_files_are_in_step_with_the_code(name: str) -> None:
    written = (ROOT / name).read_text(encoding="utf-8")
    assert written == format_schema(SCHEMAS[name]()), "run: make schema"


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name]())


@pytest.mark.parametrize("name", ["org_config.yaml_template", "sandbox_org_config.yaml"])
def test_the_files_that_are_shipped_fit(name: str) -> None:
    content = yaml.safe_load((CONFIGS / name).read_text(encoding="utf-8"))
    assert errors(make_rules_schema(), content) == []


def test_what_the_template_shows_in_comments_fits_too() -> None:
    text = (CONFIGS / "org_config.yaml_template").read_text(encoding="utf-8")
    text = re.sub(r"#(?=[a-z_]+: |  \*\*)", "", text)
    assert errors(make_rules_schema(), yaml.safe_load(text)) == []
    assert errors(make_rules_schema(), yaml.safe_load(FILE)) == []


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        ("like: small", "lik: small", "$.warehouses[0].groups[0]"),
        ("[power]", "[powr]", "$.warehouses[0].by_tag[0].access[0].permissions[0]"),
        ("memory_gb: 8", "memory_gb: eight", "$.templates.small.presets[0].memory_gb"),
        ("reason_required: true", "reason_required:", "$.warehouses[0].limits.reason_required"),
        ("max_total_gb: 32", "max_total_gb: 0", "$.warehouses[0].groups[0].limits.max_total_gb"),
        ("[carol]", '["a*"]', "$.warehouses[0].groups[1].access[0].users[0]"),
        ('"etl_*"', "etl", "$.warehouses[0].groups[1].access[0].user_patterns[0]"),
        ("[oncall]", '["on*"]', "$.warehouses[0].by_tag[0].access[0].clickhouse_roles[0]"),
        ("[alice, bob]", '["a*"]', "$.people['data-team'].users[0]"),
    ],
)
def test_an_editor_marks_a_mistake_where_it_stands(before: str, after: str, path: str) -> None:
    assert before in FILE
    assert path in errors(make_rules_schema(), yaml.safe_load(FILE.replace(before, after, 1)))


def test_the_schema_of_settings_has_every_setting_and_its_file() -> None:
    names = {item.name for item in ENVIRONMENT}
    names |= {item.file_name for item in ENVIRONMENT if item.is_secret}
    schema = make_environment_schema()
    assert set(schema["properties"]) == names
    assert errors(schema, GOOD) == []
    given = {**GOOD, "CLICKHOUSE_API_SECRET_FILE": "secret"}
    del given["CLICKHOUSE_API_SECRET"]
    assert errors(schema, given) == []
    del given["CLICKHOUSE_API_SECRET_FILE"]
    assert errors(schema, given) == ["$"]


def test_the_template_names_its_schema_for_editors() -> None:
    first = (CONFIGS / "org_config.yaml_template").read_text(encoding="utf-8").splitlines()[0]
    name = first.removeprefix("# yaml-language-server: $schema=")
    assert (CONFIGS / name).exists()
