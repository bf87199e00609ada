"""The environment's settings as data. The README's table says the same, and a test holds it."""

from collections.abc import Callable
from functools import partial

from app.settings.addresses import (
    parse_api_url,
    parse_database_url,
    parse_docs_path,
    parse_host,
    parse_public_url,
)
from app.settings.admin import (
    MAKE_A_HASH,
    hash_plain_password,
    parse_admin_username,
    parse_password_hash,
)
from app.settings.environment_setting import Alias, EnvironmentSetting
from app.settings.secret_texts import (
    parse_api_key,
    parse_api_secret,
    parse_metrics_token,
    parse_secret_key,
)
from app.settings.values import (
    parse_one_process,
    parse_path,
    parse_switch,
    parse_uuid,
    parse_whole_number,
)

ENV_FILE = "PORTAL_ENV_FILE"


def _number(least: int, most: int) -> Callable[[str], int]:
    return partial(parse_whole_number, least=least, most=most)


def _alias(name: str, instead: str) -> Alias:
    return Alias(
        f"CLICKHOUSE_FAST_API_{name}",
        f"is the name of an earlier service's setting. Write {instead} instead.",
    )


ENVIRONMENT: tuple[EnvironmentSetting, ...] = (
    EnvironmentSetting(
        name="CLICKHOUSE_API_KEY",
        meaning="Id of the ClickHouse Cloud API key that the portal alone holds.",
        parse=parse_api_key,
        is_secret=True,
    ),
    EnvironmentSetting(
        name="CLICKHOUSE_API_SECRET",
        meaning="Secret of that key.",
        parse=parse_api_secret,
        is_secret=True,
    ),
    EnvironmentSetting(
        name="CLICKHOUSE_ORGANIZATION_ID",
        meaning="Id of the ClickHouse Cloud organisation that owns the services.",
        parse=parse_uuid,
    ),
    EnvironmentSetting(
        name="CLICKHOUSE_API_URL",
        meaning="Where ClickHouse Cloud's API is; https, unless it is on this machine.",
        parse=parse_api_url,
        default="https://api.clickhouse.cloud",
    ),
    EnvironmentSetting(
        name="PORTAL_SECRET_KEY",
        meaning="Signs cookies and form tokens; 32 random characters or more.",
        parse=parse_secret_key,
        is_secret=True,
    ),
    EnvironmentSetting(
        name="PORTAL_HOST",
        meaning="Address to listen on.",
        parse=parse_host,
        default="127.0.0.1",
        alias=_alias("HOST", "PORTAL_HOST"),
    ),
    EnvironmentSetting(
        name="PORTAL_PORT",
        meaning="Port to listen on.",
        parse=_number(1, 65535),
        default="8000",
        alias=_alias("PORT", "PORTAL_PORT"),
    ),
    EnvironmentSetting(
        name="PORTAL_PUBLIC_URL",
        meaning="What people type to reach the portal; https, unless it is on this machine.",
        parse=parse_public_url,
        default="http://127.0.0.1:{PORTAL_PORT}",
    ),
    EnvironmentSetting(
        name="PORTAL_DOCS_PATH",
        meaning="Where the administrator finds the API's documentation.",
        parse=parse_docs_path,
        default="/clickhouse/manual/scaling/docs",
        alias=_alias("DOCS_PATH", "PORTAL_DOCS_PATH"),
    ),
    EnvironmentSetting(
        name="PORTAL_TRUSTED_PROXIES",
        meaning="How many proxies in front of the portal may say who the client is.",
        parse=_number(0, 10),
        default="0",
    ),
    EnvironmentSetting(
        name="PORTAL_THREADS",
        meaning="How many requests are served at a time, 1 to 256.",
        parse=_number(1, 256),
        default="16",
    ),
    EnvironmentSetting(
        name="PORTAL_INSTANCE",
        meaning="Folder for the portal's own records; made at the first start.",
        parse=parse_path,
        default="instance",
    ),
    EnvironmentSetting(
        name="PORTAL_DATABASE_URL",
        meaning="Database of sessions and changes, as an SQLAlchemy URL.",
        parse=parse_database_url,
        default="sqlite:///{PORTAL_INSTANCE}/portal.db",
        is_secret=True,
    ),
    EnvironmentSetting(
        name="PORTAL_CONFIG",
        meaning="File that names the warehouses, their groups, and who may do what.",
        parse=parse_path,
        default="configs/org_config.yaml",
    ),
    EnvironmentSetting(
        name="PORTAL_SESSION_IDLE_MINUTES",
        meaning="A sign-in ends after this long without a page being opened, 5 to 60 minutes.",
        parse=_number(5, 60),
        default="30",
    ),
    EnvironmentSetting(
        name="PORTAL_SESSION_HOURS",
        meaning="A sign-in ends after this long in any case, 1 to 24 hours.",
        parse=_number(1, 24),
        default="8",
    ),
    EnvironmentSetting(
        name="PORTAL_SESSIONS_PER_USER",
        meaning="How many sign-ins one person may have at once, 1 to 50; the oldest ends first.",
        parse=_number(1, 50),
        default="5",
    ),
    EnvironmentSetting(
        name="PORTAL_ADMIN_USERNAME",
        meaning="Name for the administrator's own sign-in; without it there is none.",
        parse=parse_admin_username,
        default="",
        alias=_alias("USERNAME", "PORTAL_ADMIN_USERNAME"),
    ),
    EnvironmentSetting(
        name="PORTAL_ADMIN_PASSWORD_HASH",
        meaning="Hash of the administrator's password, as `app.cli.hash_password` prints it.",
        parse=parse_password_hash,
        default="",
        is_secret=True,
        alias=Alias(
            "CLICKHOUSE_FAST_API_PASSWORD",
            f"is a password in plain text. Write PORTAL_ADMIN_PASSWORD_HASH instead. {MAKE_A_HASH}",
            hash_plain_password,
        ),
    ),
    EnvironmentSetting(
        name="PORTAL_API_REMEMBER_SECONDS",
        meaning="How long the JSON API trusts a password it has checked, 0 (never) to 300.",
        parse=_number(0, 300),
        default="60",
    ),
    EnvironmentSetting(
        name="PORTAL_ALLOW_QUERY_CREDENTIALS",
        meaning="Whether the earlier API's paths take passwords from the query string: on, off.",
        parse=parse_switch,
        default="on",
    ),
    EnvironmentSetting(
        name="PORTAL_LOG_FILE",
        meaning="File that the log goes to as well as to standard error; made at the start.",
        parse=parse_path,
        default="",
    ),
    EnvironmentSetting(
        name="PORTAL_LOG_MAX_BYTES",
        meaning="Size at which the log file is put aside and a new one begun, 1000 to 999999999.",
        parse=_number(1000, 999_999_999),
        default="1048576",
    ),
    EnvironmentSetting(
        name="PORTAL_LOG_BACKUPS",
        meaning="How many log files that were put aside are kept, 1 to 100; the oldest goes first.",
        parse=_number(1, 100),
        default="5",
    ),
    EnvironmentSetting(
        name="PORTAL_METRICS_TOKEN",
        meaning="What programs elsewhere send as bearer token to read /metrics; 32 characters.",
        parse=parse_metrics_token,
        default="",
        is_secret=True,
    ),
    EnvironmentSetting(
        name=ENV_FILE,
        meaning="File that settings are read from besides the environment; empty for none.",
        parse=parse_path,
        default="configs/.env",
    ),
    EnvironmentSetting(
        name="WEB_CONCURRENCY",
        meaning="Processes, as some hosts set it; anything but 1 is refused.",
        parse=parse_one_process,
        default="1",
    ),
)
