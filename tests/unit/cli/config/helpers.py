"""Running `config …` over a sandbox."""

from pathlib import Path

from click.testing import CliRunner, Result

from app.cli.config.command import config
from app.sandbox.server import Sandbox


def run(sandbox: Sandbox, groups: Path, *arguments: str) -> Result:
    """A command with the sandbox's key, and the file of groups in this place."""
    environ = {
        "CLICKHOUSE_API_URL": sandbox.url,
        "CLICKHOUSE_API_KEY": "SandboxKey0000000001",
        "CLICKHOUSE_API_SECRET": "4b1dSandboxSecretPublishedByDesign00000001",
        "CLICKHOUSE_ORGANIZATION_ID": "0a000000-0000-4000-8000-000000000001",
        "PORTAL_SECRET_KEY": "zP4-vR9_kL2wQ7xN1mT6yB3cH8gJ5fDs",
        "PORTAL_ENV_FILE": "",
        "PORTAL_CONFIG": str(groups),
    }
    return CliRunner().invoke(config, arguments, env=environ)
