"""Valid settings for tests to change, and helpers that load them."""

from pathlib import Path
from textwrap import indent

import pytest

from app.errors import SettingsFault
from app.settings import Settings, load_settings
from app.settings.org.config import OrgConfig, parse_org_config

KEY = "Kq3vN8xZr2Lw5TyB"
SECRET = "4b1dR7mQ2sVx9LpZ6kTn3wYc8HgJ5fDa"
SECRET_KEY = "zP4-vR9_kL2wQ7xN1mT6yB3cH8gJ5fDs"

GOOD: dict[str, str] = {
    "CLICKHOUSE_API_KEY": KEY,
    "CLICKHOUSE_API_SECRET": SECRET,
    "CLICKHOUSE_ORGANIZATION_ID": "0a000000-0000-4000-8000-000000000001",
    "PORTAL_SECRET_KEY": SECRET_KEY,
}

GROUP_ID = "0c000000-0000-4000-8000-000000000011"
OTHER_ID = "0c000000-0000-4000-8000-000000000012"
ORG_CONFIG = f"""
warehouses:
  - key: analytics
    name: Analytics
    groups:
      - service_id: {GROUP_ID}
        name: Analytics primary
        access:
          - users: [alice]
            permissions: [scale]
"""


def make_root(folder: Path, *, env_file: str | None = None, org_config: str = ORG_CONFIG) -> Path:
    """Write these configuration files into the folder, and return it."""
    (folder / "configs").mkdir()
    (folder / "configs/org_config.yaml").write_text(org_config, encoding="utf-8")
    if env_file is not None:
        (folder / "configs/.env").write_text(env_file, encoding="utf-8")
    return folder


def load(root: Path, **changed: str | None) -> Settings:
    """Load the settings of GOOD with some changed, or left out if None."""
    given = {**GOOD, **changed}
    return load_settings(
        {name: text for name, text in given.items() if text is not None}, root=root
    )


def faults_of(root: Path, **changed: str | None) -> tuple[str, ...]:
    """The faults that loading the same settings raises."""
    with pytest.raises(SettingsFault) as caught:
        load(root, **changed)
    return caught.value.faults


def read(text: str) -> OrgConfig:
    """Parse the YAML text, which must have no faults."""
    config, faults = parse_org_config(text)
    assert faults == []
    assert config is not None
    return config


def yaml_faults(text: str) -> list[str]:
    """Parse the YAML text, which must have faults: `path: what` of each."""
    config, faults = parse_org_config(text)
    assert config is None
    assert all(remedy.endswith(".") for _, _, remedy in faults)
    return [f"{key}: {what}" for key, what, _ in faults]


def two_groups(
    portal_keys: str = "title: Groups",
    *,
    portal: str = "",
    warehouse: str = "",
    group: str = "",
    warehouse_keys: str = "",
) -> str:
    """YAML with two groups, and limits at the portal, the warehouse and the first group."""
    return f"""
portal:
{indent(portal_keys, "  ")}
{_limits(portal, "  ")}
warehouses:
  - key: analytics
    name: Analytics
{indent(warehouse_keys, "    ")}
{_limits(warehouse, "    ")}
    groups:
      - service_id: {GROUP_ID}
        name: Primary
{_limits(group, "        ")}
      - service_id: {OTHER_ID}
        name: Reporting
"""


def _limits(text: str, margin: str) -> str:
    return indent("limits:\n" + indent(text.strip(), "  "), margin) if text else ""
