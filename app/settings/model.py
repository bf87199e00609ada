"""The portal's settings as frozen dataclasses."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from app.domain.access.addresses import Networks
from app.domain.groups.catalog import Catalog


@dataclass(frozen=True)
class CloudAccess:
    """Base URL of ClickHouse Cloud's API, the organisation, and the portal's API key."""

    url: str
    organization_id: str
    key_id: SecretStr
    key_secret: SecretStr


@dataclass(frozen=True)
class CloudSettings:
    """What it takes to ask Cloud, and where the file of groups is."""

    cloud: CloudAccess
    config_file: Path


@dataclass(frozen=True)
class SessionLimits:
    """How long a session lasts, and how many one user may have at once."""

    idle_minutes: int = 30
    absolute_hours: int = 8
    most_per_user: int = 5
    reauthenticate_minutes: int = 60


@dataclass(frozen=True)
class ApiSettings:
    """How the JSON API authenticates its callers.

    A checked password is trusted for `remember_seconds`.
    """

    remember_seconds: int = 60
    may_use_query_credentials: bool = True


@dataclass(frozen=True)
class AdminAccess:
    """The administrator's name and the scrypt hash of the password."""

    username: str
    password_hash: SecretStr


@dataclass(frozen=True)
class LogFile:
    """A rotated log file: `backups` older files of up to `max_bytes` each are kept."""

    path: Path
    max_bytes: int
    backups: int


@dataclass(frozen=True)
class EffectiveSetting:
    """One setting of the environment as it is in effect.

    `shown` is its value as text, "on", "off" or "not set"; a secret that is given shows as "set".
    """

    name: str
    meaning: str
    shown: str


@dataclass(frozen=True)
class Settings:
    """All settings; made by `load_settings`.

    `warnings` are lines about settings that work but should be written otherwise; they hold no
    values.
    `is_key_lasting` is False where the secret key is another one at each start.
    `secret_files` are the files that secrets were read from.
    """

    cloud: CloudAccess
    secret_key: SecretStr
    host: str
    port: int
    public_url: str
    docs_path: str
    trusted_proxies: int
    threads: int
    processes: int
    is_worker_inside: bool
    is_load_read: bool
    are_costs_read: bool
    are_reverts_frozen: bool
    database_url: SecretStr
    instance_folder: Path
    anchor_file: Path
    sessions: SessionLimits
    api: ApiSettings
    time_zone: str
    config_file: Path
    catalog: Catalog
    admin: AdminAccess | None
    effective: tuple[EffectiveSetting, ...]
    log_file: LogFile | None
    metrics_token: SecretStr | None
    oidc_secrets: Mapping[str, SecretStr]
    assertion_proxies: Networks
    warnings: tuple[str, ...]
    is_key_lasting: bool = True
    secret_files: tuple[Path, ...] = ()
    config_stamp: tuple[object, ...] | None = None

    @property
    def is_https(self) -> bool:
        """Whether the public URL is https; cookies are then Secure and HSTS is sent."""
        return urlsplit(self.public_url).scheme == "https"
