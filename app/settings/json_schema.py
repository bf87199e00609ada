"""JSON Schemas of `configs/org_config.yaml` and of `configs/.env`, for editors.

They are made from the models and the table of settings, and shipped as files: `config schema`
writes them. They know shapes, not contradictions: `make check` says more.
"""

from typing import Any

from app.settings.environment.setting import EnvironmentSetting
from app.settings.environment.table import ENVIRONMENT
from app.settings.org.schema import WarehousesFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def make_rules_schema() -> dict[str, Any]:
    """The schema of the file of groups in the portal's own shape."""
    schema = WarehousesFile.model_json_schema()
    # All warehouses may have files of their own.
    schema["required"] = []
    schema |= {"$schema": DIALECT, "title": "Compute groups and permissions"}
    shown: dict[str, Any] = _without_null(schema)
    return shown


def make_environment_schema() -> dict[str, Any]:
    """The schema of the settings, as an object of texts."""
    required = [item for item in ENVIRONMENT if item.default is None]
    properties: dict[str, Any] = {}
    for item in ENVIRONMENT:
        properties |= _properties_of(item)
    return {
        "$schema": DIALECT,
        "title": "Settings of the portal",
        "type": "object",
        "properties": properties,
        "allOf": [_either_form(item) for item in required],
    }


def _properties_of(setting: EnvironmentSetting) -> dict[str, Any]:
    shown: dict[str, Any] = {"type": "string", "description": setting.meaning}
    if setting.default:
        shown["default"] = setting.default
    if not setting.is_secret:
        return {setting.name: shown}
    of_file = {"type": "string", "description": f"File that holds {setting.name}."}
    return {setting.name: {**shown, "writeOnly": True}, setting.file_name: of_file}


def _either_form(setting: EnvironmentSetting) -> dict[str, Any]:
    names = [setting.name, setting.file_name] if setting.is_secret else [setting.name]
    return {"anyOf": [{"required": [name]} for name in names]}


def _without_null(part: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """A key that may be left out may not be written as null."""
    if isinstance(part, list):
        return [_without_null(item) for item in part]
    if not isinstance(part, dict):
        return part
    kept = {
        key: _without_null(value)
        for key, value in part.items()
        if not (key == "default" and not isinstance(value, str | bool | int))
    }
    choices = [item for item in kept.pop("anyOf", ()) if item != {"type": "null"}]
    if len(choices) == 1:
        return {**choices[0], **kept}
    return {**kept, "anyOf": choices} if choices else kept
