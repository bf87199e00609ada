"""Settings of the environment: defaults, parsed values, and faults."""

from pathlib import Path

import pytest

from app.files import stamp_of
from app.settings import ENVIRONMENT, loading
from app.settings.org.config import OrgConfig, read_org_config
from app.settings.org.faults import Fault
from tests.unit.settings.helpers import GOOD, faults_of, load


def test_only_four_settings_must_be_given(root: Path) -> None:
    assert [item.name for item in ENVIRONMENT if item.default is None] == list(GOOD)


def test_what_is_not_given_has_its_default(root: Path) -> None:
    settings = load(root)
    assert settings.cloud.url == "https://api.clickhouse.cloud"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.public_url == "http://127.0.0.1:8000"
    assert (settings.trusted_proxies, settings.threads) == (0, 16)
    assert settings.instance_folder == root / "instance"
    assert settings.database_url.get_secret_value() == f"sqlite:///{root}/instance/portal.db"
    sessions = settings.sessions
    assert (sessions.idle_minutes, sessions.absolute_hours, sessions.most_per_user) == (30, 8, 5)


def test_an_empty_setting_counts_as_not_given(root: Path) -> None:
    assert load(root, PORTAL_PORT="", PORTAL_HOST=" ").port == 8000


def test_the_public_address_follows_the_port(root: Path) -> None:
    assert load(root, PORTAL_PORT="8123").public_url == "http://127.0.0.1:8123"


def test_the_database_follows_the_instance_folder(root: Path) -> None:
    url = load(root, PORTAL_INSTANCE="/var/lib/portal").database_url.get_secret_value()
    assert url == "sqlite:////var/lib/portal/portal.db"


def test_a_relative_database_lies_in_the_projects_folder(root: Path) -> None:
    url = load(root, PORTAL_DATABASE_URL="sqlite:///records/a.db").database_url
    assert url.get_secret_value() == f"sqlite:///{root}/records/a.db"


def test_the_organisation_id_is_kept_in_lower_case(root: Path) -> None:
    upper = "0A000000-0000-4000-8000-00000000000F"
    assert load(root, CLICKHOUSE_ORGANIZATION_ID=upper).cloud.organization_id == upper.lower()


# ASVS 12.2.1, 12.3.1
@pytest.mark.parametrize("url", ["http://127.0.0.1:8900", "http://[::1]:8900", "http://localhost"])
def test_plain_http_is_for_this_machine(root: Path, url: str) -> None:
    assert load(root, CLICKHOUSE_API_URL=url + "/").cloud.url == url


def test_the_address_of_the_api_has_no_path(root: Path) -> None:
    (line,) = faults_of(root, CLICKHOUSE_API_URL="https://api.clickhouse.cloud/v1")
    assert "CLICKHOUSE_API_URL: has a path" in line


def test_a_public_address_with_https_makes_cookies_secure(root: Path) -> None:
    settings = load(root, PORTAL_PUBLIC_URL="https://portal.example.com/")
    assert settings.is_https
    assert settings.public_url == "https://portal.example.com"


def test_every_fault_is_reported_at_once_and_in_order(root: Path) -> None:
    (root / "configs/org_config.yaml").write_text("warehouses: []", encoding="utf-8")
    faults = faults_of(root, CLICKHOUSE_API_KEY=None, PORTAL_PORT="0", WEB_CONCURRENCY="0")
    assert [line.split(": ")[:2] for line in faults] == [
        ["environment", "CLICKHOUSE_API_KEY"],
        ["environment", "PORTAL_PORT"],
        ["environment", "WEB_CONCURRENCY"],
        ["configs/org_config.yaml", "warehouses"],
    ]


def test_a_missing_setting_says_where_to_write_it(root: Path) -> None:
    assert faults_of(root, PORTAL_SECRET_KEY=None) == (
        "environment: PORTAL_SECRET_KEY: is missing. Set it in the environment or in configs/.env.",
    )


BAD_NUMBERS = ["0", "-1", "1e2", "8000.0", "٣", "NaN", "65536", "99999999999999", "8 000", "<port>"]
BAD_URLS = [
    "api.clickhouse.cloud",
    "ftp://api.clickhouse.cloud",
    "https://",
    "https://[::1",
    "https://host:port",
    "https://host:0",
    "https://ho st",
    "http://api.clickhouse.cloud",
    "http://127.0.0.1.example.com",
    "https://name:word@api.clickhouse.cloud",
    "https://api.clickhouse.cloud/?key=1",
    "https://api.clickhouse.cloud/#top",
]
BAD_IDS = ["", "my-organisation", "0a0000000000400080000000000000011", "<your_org_id>"]
BAD: list[tuple[str, str]] = [
    *(("PORTAL_PORT", text) for text in BAD_NUMBERS),
    *(("CLICKHOUSE_API_URL", text) for text in BAD_URLS),
    *(("PORTAL_PUBLIC_URL", text) for text in BAD_URLS),
    *(("CLICKHOUSE_ORGANIZATION_ID", text) for text in BAD_IDS),
    ("PORTAL_PUBLIC_URL", "https://example.com/portal"),
    ("PORTAL_HOST", "0.0.0.0:8000"),
    ("PORTAL_HOST", "my host"),
    ("PORTAL_TRUSTED_PROXIES", "11"),
    ("PORTAL_THREADS", "0"),
    ("PORTAL_THREADS", "257"),
    ("PORTAL_SESSION_IDLE_MINUTES", "4"),
    ("PORTAL_SESSION_IDLE_MINUTES", "61"),
    ("PORTAL_SESSION_HOURS", "0"),
    ("PORTAL_SESSION_HOURS", "25"),
    ("PORTAL_SESSIONS_PER_USER", "0"),
    ("PORTAL_SESSIONS_PER_USER", "51"),
    ("PORTAL_REAUTHENTICATE_MINUTES", "4"),
    ("PORTAL_REAUTHENTICATE_MINUTES", "1441"),
    ("PORTAL_DATABASE_URL", "portal.db"),
    ("PORTAL_DATABASE_URL", "mysql://host/portal"),
    ("PORTAL_DATABASE_URL", "sqlite://"),
    ("PORTAL_DATABASE_URL", "sqlite:///:memory:"),
    ("PORTAL_DATABASE_URL", "sqlite:///file:portal.db?uri=true"),
    ("PORTAL_DATABASE_URL", "postgresql://host:port/portal"),
    ("PORTAL_DATABASE_URL", "postgresql+nodriver://host/portal"),
    ("PORTAL_INSTANCE", "a\0b"),
    ("PORTAL_WORKER", "elsewhere"),
    ("WEB_CONCURRENCY", "0"),
]


@pytest.mark.parametrize(("name", "text"), BAD)
def test_an_unusable_value_is_one_fault_with_a_remedy(root: Path, name: str, text: str) -> None:
    (line,) = faults_of(root, **{name: text})
    assert line.startswith(f"environment: {name}: ")
    assert line.count(". ") == 1
    assert line.endswith(".")


@pytest.mark.parametrize("host", ["10.0.0.7", "::1", "portal.internal"])
def test_a_host_is_an_address_or_a_name(root: Path, host: str) -> None:
    assert load(root, PORTAL_HOST=host).host == host


# ASVS 13.4.2
@pytest.mark.parametrize("text", ["1", "true", "on", "yes", "TRUE"])
def test_flasks_debugger_is_refused(root: Path, text: str) -> None:
    (line,) = faults_of(root, FLASK_DEBUG=text)
    assert line.startswith("environment: FLASK_DEBUG: is on")


@pytest.mark.parametrize("text", ["", "0", "false", "No"])
def test_a_debugger_that_is_off_may_be_said_so(root: Path, text: str) -> None:
    assert load(root, FLASK_DEBUG=text)


def test_a_name_that_is_almost_a_settings_is_told_and_refuses_nothing(root: Path) -> None:
    settings = load(root, PORTAL_REAUTHENTICATE_MINUTE="5", PORTAL_SITE="portal.example.com")
    assert settings.warnings == (
        (
            "environment: PORTAL_REAUTHENTICATE_MINUTE: is not a setting of the portal. "
            "Did you mean PORTAL_REAUTHENTICATE_MINUTES? Write that, or remove it."
        ),
    )


def test_the_file_of_groups_is_known_as_it_was_before_it_was_read(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = root / "configs/org_config.yaml"
    before = stamp_of(path)
    read = read_org_config

    def read_and_write(path: Path) -> tuple[OrgConfig | None, list[Fault]]:
        found = read(path)
        path.write_text(f"{path.read_text()}# more\n", encoding="utf-8")
        return found

    monkeypatch.setattr(loading, "read_org_config", read_and_write)
    assert load(root).config_stamp == before != stamp_of(path)
