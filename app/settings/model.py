"""Everything the portal is told from outside, as typed, frozen values."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from app.domain.groups.catalog import Catalog
from app.settings.effective import EffectiveSetting


@dataclass(frozen=True)
class CloudAccess:
    """Where ClickHouse Cloud's API is and the one key that the portal alone holds."""

    url: str
    organization_id: str
    key_id: SecretStr
    key_secret: SecretStr


@dataclass(frozen=True)
class SessionLimits:
    """How long a sign-in lasts and how many one person may have at once."""

    idle_minutes: int = 30
    absolute_hours: int = 8
    most_per_user: int = 5


@dataclass(frozen=True)
class ApiSettings:
    """How callers of the JSON API prove who they are."""

    remember_seconds: int = 60
    may_use_query_credentials: bool = True


@dataclass(frozen=True)
class AdminAccess:
    """Who may sign in to the administrator's pages. The password itself is nowhere."""

    username: str
    password_hash: SecretStr


@dataclass(frozen=True)
class LogFile:
    """A file that the log goes to; `backups` full ones of `max_bytes` are kept beside it."""

    path: Path
    max_bytes: int
    backups: int


@dataclass(frozen=True)
class Settings:
    """The portal's settings; made by `load_settings`, read by `create_app` and the commands."""

    cloud: CloudAccess
    secret_key: SecretStr
    host: str
    port: int
    public_url: str
    docs_path: str
    trusted_proxies: int
    threads: int
    database_url: SecretStr
    instance_folder: Path
    sessions: SessionLimits
    api: ApiSettings
    title: str
    time_zone: str
    contact: str
    note: str
    """Markdown for everybody who opens the portal; empty for none."""
    config_file: Path
    catalog: Catalog
    admin: AdminAccess | None
    effective: tuple[EffectiveSetting, ...]
    log_file: LogFile | None
    metrics_token: SecretStr | None
    warnings: tuple[str, ...]
    """What works but ought to be written otherwise, one line each, without any value."""

    @property
    def is_https(self) -> bool:
        """Whether people reach the portal over TLS: then cookies are Secure and HSTS is sent."""
        return urlsplit(self.public_url).scheme == "https"
