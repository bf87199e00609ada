"""An application that is wired but never started: no disk, no network."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from pydantic import SecretStr

from app.factory import create_app
from app.settings.model import ApiSettings, CloudAccess, SessionLimits, Settings
from tests.unit.builders import make_catalog


@contextmanager
def wired_application(folder: Path, settings: Settings | None = None) -> Iterator[Flask]:
    """The application over a database that nobody has made; the root logger is put back."""
    root = logging.getLogger()
    level = root.level
    yield create_app(settings or make_settings(folder))
    root.handlers = []  # the application took it over
    root.setLevel(level)


def make_settings(folder: Path) -> Settings:
    """Settings of a portal on this machine."""
    return Settings(
        cloud=CloudAccess(
            "http://127.0.0.1:9",
            "0a000000-0000-4000-8000-000000000001",
            SecretStr("key-canary"),
            SecretStr("secret-canary"),
        ),
        secret_key=SecretStr("zP4-vR9_kL2wQ7xN1mT6yB3cH8gJ5fDs"),
        host="127.0.0.1",
        port=8000,
        public_url="http://127.0.0.1:8000",
        docs_path="/docs",
        trusted_proxies=0,
        threads=4,
        processes=1,
        is_worker_inside=True,
        is_load_read=True,
        are_costs_read=True,
        are_reverts_frozen=False,
        database_url=SecretStr(f"sqlite:///{folder}/portal.db"),
        instance_folder=folder,
        anchor_file=folder / "audit.anchor",
        sessions=SessionLimits(),
        api=ApiSettings(),
        metrics_token=None,
        oidc_secrets={},
        assertion_proxies=(),
        log_file=None,
        warnings=(),
        time_zone="Europe/Berlin",
        config_file=folder / "org_config.yaml",
        catalog=make_catalog(),
        admin=None,
        effective=(),
    )
