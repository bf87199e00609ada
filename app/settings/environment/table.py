"""The table of the settings that the environment or `configs/.env` may give.

The README has the same table; a test compares the two.
"""

from werkzeug.security import generate_password_hash

from app.settings.environment.addresses import (
    parse_api_url,
    parse_database_url,
    parse_docs_path,
    parse_host,
    parse_networks,
    parse_public_url,
)
from app.settings.environment.credentials import (
    MAKE_A_HASH,
    parse_admin_username,
    parse_api_key,
    parse_api_secret,
    parse_client_secrets,
    parse_metrics_token,
    parse_password_hash,
    parse_secret_key,
)
from app.settings.environment.parsers import (
    parse_path,
    parse_switch,
    parse_uuid,
    parse_worker_place,
    whole_number,
)
from app.settings.environment.setting import ENV_FILE, Alias, EnvironmentSetting, earlier_name

ENVIRONMENT: tuple[EnvironmentSetting, ...] = (
    EnvironmentSetting(
        "CLICKHOUSE_API_KEY",
        "Id of the ClickHouse Cloud API key that the portal alone holds.",
        parse_api_key,
        is_secret=True,
    ),
    EnvironmentSetting(
        "CLICKHOUSE_API_SECRET", "Secret of that key.", parse_api_secret, is_secret=True
    ),
    EnvironmentSetting(
        "CLICKHOUSE_ORGANIZATION_ID",
        "Id of the ClickHouse Cloud organisation that owns the services.",
        parse_uuid,
    ),
    EnvironmentSetting(
        "CLICKHOUSE_API_URL",
        "Where ClickHouse Cloud's API is; https, unless it is on this machine.",
        parse_api_url,
        "https://api.clickhouse.cloud",
    ),
    EnvironmentSetting(
        "PORTAL_SECRET_KEY",
        "Signs cookies and form tokens; 32 random characters or more.",
        parse_secret_key,
        is_secret=True,
    ),
    EnvironmentSetting(
        "PORTAL_HOST",
        "Address to listen on.",
        parse_host,
        "127.0.0.1",
        alias=earlier_name("HOST", "PORTAL_HOST"),
    ),
    EnvironmentSetting(
        "PORTAL_PORT",
        "Port to listen on.",
        whole_number(1, 65535),
        "8000",
        alias=earlier_name("PORT", "PORTAL_PORT"),
    ),
    EnvironmentSetting(
        "PORTAL_PUBLIC_URL",
        "What people type to reach the portal; https, unless it is on this machine.",
        parse_public_url,
        "http://127.0.0.1:{PORTAL_PORT}",
    ),
    EnvironmentSetting(
        "PORTAL_DOCS_PATH",
        "Where the administrator finds the API's documentation.",
        parse_docs_path,
        "/clickhouse/manual/scaling/docs",
        alias=earlier_name("DOCS_PATH", "PORTAL_DOCS_PATH"),
    ),
    EnvironmentSetting(
        "PORTAL_TRUSTED_PROXIES",
        "How many proxies in front of the portal may say who the client is.",
        whole_number(0, 10),
        "0",
    ),
    EnvironmentSetting(
        "PORTAL_THREADS",
        "How many requests are served at a time, 1 to 256.",
        whole_number(1, 256),
        "16",
    ),
    EnvironmentSetting(
        "PORTAL_INSTANCE",
        "Folder for the portal's own records; made at the first start.",
        parse_path,
        "instance",
    ),
    EnvironmentSetting(
        "PORTAL_DATABASE_URL",
        "Database of sessions and changes, as an SQLAlchemy URL.",
        parse_database_url,
        "sqlite:///{PORTAL_INSTANCE}/portal.db",
        is_secret=True,
    ),
    EnvironmentSetting(
        "PORTAL_AUDIT_ANCHOR",
        "File that tells where the audit log ends; best on another disk than the database.",
        parse_path,
        "{PORTAL_INSTANCE}/audit.anchor",
    ),
    EnvironmentSetting(
        "PORTAL_CONFIG",
        "File that names the warehouses, their groups and the permissions.",
        parse_path,
        "configs/org_config.yaml",
    ),
    EnvironmentSetting(
        "PORTAL_SESSION_IDLE_MINUTES",
        "A sign-in ends after this long without a page being opened, 5 to 60 minutes.",
        whole_number(5, 60),
        "30",
    ),
    EnvironmentSetting(
        "PORTAL_SESSION_HOURS",
        "A sign-in ends after this long in any case, 1 to 24 hours.",
        whole_number(1, 24),
        "8",
    ),
    EnvironmentSetting(
        "PORTAL_SESSIONS_PER_USER",
        "How many sign-ins one person may have at once, 1 to 50; the oldest ends first.",
        whole_number(1, 50),
        "5",
    ),
    EnvironmentSetting(
        "PORTAL_REAUTHENTICATE_MINUTES",
        "A change so long after the last password asks for it again, 5 to 1440 minutes.",
        whole_number(5, 1440),
        "60",
    ),
    EnvironmentSetting(
        "PORTAL_ADMIN_USERNAME",
        "Name for the administrator's own sign-in; without it there is none.",
        parse_admin_username,
        "",
        alias=earlier_name("USERNAME", "PORTAL_ADMIN_USERNAME"),
    ),
    EnvironmentSetting(
        "PORTAL_ADMIN_PASSWORD_HASH",
        "Hash of the administrator's password, as `app.cli.hash_password` prints it.",
        parse_password_hash,
        "",
        is_secret=True,
        alias=Alias(
            "CLICKHOUSE_FAST_API_PASSWORD",
            f"is a password in plain text. Write PORTAL_ADMIN_PASSWORD_HASH instead. {MAKE_A_HASH}",
            generate_password_hash,
        ),
    ),
    EnvironmentSetting(
        "PORTAL_OIDC_CLIENT_SECRETS",
        "Client secrets of the identity providers: `key=secret` of each, blanks between.",
        parse_client_secrets,
        "",
        is_secret=True,
    ),
    EnvironmentSetting(
        "PORTAL_ASSERTION_PROXIES",
        "Addresses or networks of proxies whose signed headers say who came; blanks between.",
        parse_networks,
        "",
    ),
    EnvironmentSetting(
        "PORTAL_API_REMEMBER_SECONDS",
        "How long the JSON API trusts a checked password for reading, 0 (never) to 300.",
        whole_number(0, 300),
        "60",
    ),
    EnvironmentSetting(
        "PORTAL_ALLOW_QUERY_CREDENTIALS",
        "Whether the earlier API's paths take passwords from the query string: on, off.",
        parse_switch,
        "on",
    ),
    EnvironmentSetting(
        "PORTAL_LOG_FILE",
        "File that the log goes to as well as to standard error; made at the start.",
        parse_path,
        "",
    ),
    EnvironmentSetting(
        "PORTAL_LOG_MAX_BYTES",
        "Size at which the log file is put aside and a new one begun, 1000 to 999999999.",
        whole_number(1000, 999_999_999),
        "1048576",
    ),
    EnvironmentSetting(
        "PORTAL_LOG_BACKUPS",
        "How many log files that were put aside are kept, 1 to 100; the oldest goes first.",
        whole_number(1, 100),
        "5",
    ),
    EnvironmentSetting(
        "PORTAL_METRICS_TOKEN",
        "What programs elsewhere send as bearer token to read /metrics; 32 characters.",
        parse_metrics_token,
        "",
        is_secret=True,
    ),
    EnvironmentSetting(
        ENV_FILE,
        "File that settings are read from besides the environment; empty for none.",
        parse_path,
        "configs/.env",
    ),
    EnvironmentSetting(
        "PORTAL_WORKER",
        "Where jobs run that nobody asks for: inside the processes that serve, or apart.",
        parse_worker_place,
        "inside",
    ),
    EnvironmentSetting(
        "PORTAL_LOAD",
        "Whether the load of groups is read, in at most 2 of Cloud's 10 requests: on, off.",
        parse_switch,
        "on",
    ),
    EnvironmentSetting(
        "PORTAL_COSTS",
        "Whether Cloud's cost report is read, once an hour; the key needs the right to: on, off.",
        parse_switch,
        "on",
    ),
    EnvironmentSetting(
        "PORTAL_FREEZE_STOPS_REVERTS",
        "Whether boosts that end while changes are frozen go back only after it: on, off.",
        parse_switch,
        "off",
    ),
    EnvironmentSetting(
        "WEB_CONCURRENCY",
        "How many processes serve, 1 to 64; each has PORTAL_THREADS of its own.",
        whole_number(1, 64),
        "1",
    ),
)
