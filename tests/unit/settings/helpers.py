"""Settings that are right in every way, to spoil one thing at a time."""

from pathlib import Path

import pytest

from app.errors import SettingsFault
from app.settings import Settings, load_settings

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
    """A project's folder with these configuration files."""
    (folder / "configs").mkdir()
    (folder / "configs/org_config.yaml").write_text(org_config, encoding="utf-8")
    if env_file is not None:
        (folder / "configs/.env").write_text(env_file, encoding="utf-8")
    return folder


def load(root: Path, **changed: str | None) -> Settings:
    """The settings with some of the good ones changed, or left out by None."""
    given = {**GOOD, **changed}
    return load_settings(
        {name: text for name, text in given.items() if text is not None}, root=root
    )


def faults_of(root: Path, **changed: str | None) -> tuple[str, ...]:
    """The faults that the same gives."""
    with pytest.raises(SettingsFault) as caught:
        load(root, **changed)
    return caught.value.faults
