"""Settings for the commands, over the sandbox's groups, and such a sandbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from app.sandbox.server import Sandbox
from app.settings import Settings, load_settings

ROOT = Path(__file__).parents[3]


def make_settings(folder: Path, **changed: str) -> Settings:
    """Settings with the sandbox's groups and key, and with their records in the folder."""
    given = {
        "CLICKHOUSE_API_KEY": "SandboxKey0000000001",
        "CLICKHOUSE_API_SECRET": "4b1dSandboxSecretPublishedByDesign00000001",
        "CLICKHOUSE_ORGANIZATION_ID": "0a000000-0000-4000-8000-000000000001",
        "PORTAL_SECRET_KEY": "zP4-vR9_kL2wQ7xN1mT6yB3cH8gJ5fDs",
        "PORTAL_ENV_FILE": "",
        "PORTAL_CONFIG": "configs/sandbox_org_config.yaml",
        "PORTAL_INSTANCE": str(folder),
    }
    return load_settings({**given, **changed}, root=ROOT)


@contextmanager
def unlimited_sandbox() -> Iterator[Sandbox]:
    """A sandbox that may be asked more often than Cloud would let anybody."""
    with Sandbox.start(port=0) as running:
        settings = f"{running.url}/_sandbox/settings"
        requests.post(settings, json={"rate_limit": None}, timeout=5).raise_for_status()
        yield running
