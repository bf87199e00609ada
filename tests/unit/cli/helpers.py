"""Settings for the commands, over the sandbox's groups."""

from pathlib import Path

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
