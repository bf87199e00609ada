"""The settings of the earlier scaling API: taken as they are, each with a warning."""

from pathlib import Path

import pytest
from werkzeug.security import check_password_hash, generate_password_hash

from app.settings import ENVIRONMENT, Settings
from tests.unit.settings.helpers import GOOD, GROUP_ID, faults_of, load, make_root

PASSWORD = "the earlier password"
EARLIER = {
    "CLICKHOUSE_FAST_API_USERNAME": "api_admin",
    "CLICKHOUSE_FAST_API_PASSWORD": PASSWORD,
    "CLICKHOUSE_FAST_API_PORT": "8123",
    "CLICKHOUSE_FAST_API_HOST": "0.0.0.0",  # noqa: S104 - as it may have been
    "CLICKHOUSE_FAST_API_DOCS_PATH": "/the/docs",
}
INSTEAD = {
    "CLICKHOUSE_FAST_API_USERNAME": "PORTAL_ADMIN_USERNAME",
    "CLICKHOUSE_FAST_API_PASSWORD": "PORTAL_ADMIN_PASSWORD_HASH",
    "CLICKHOUSE_FAST_API_PORT": "PORTAL_PORT",
    "CLICKHOUSE_FAST_API_HOST": "PORTAL_HOST",
    "CLICKHOUSE_FAST_API_DOCS_PATH": "PORTAL_DOCS_PATH",
}


def admin_hash(settings: Settings) -> str:
    """The hash of the administrator's password."""
    assert settings.admin is not None
    return settings.admin.password_hash.get_secret_value()


def test_the_earlier_files_are_all_that_is_needed(tmp_path: Path) -> None:
    names = {key: text for key, text in (GOOD | EARLIER).items() if key != "PORTAL_SECRET_KEY"}
    env_file = "".join(f"{name}={text}\n" for name, text in names.items())
    org_config = (
        f"services: {{one: {{service_id: {GROUP_ID}, service_name: One, username: u,"
        " password: User1ShallPass}}"
    )
    root = make_root(tmp_path, env_file=env_file, org_config=org_config)
    settings = load(root, **dict.fromkeys(GOOD))
    assert (settings.host, settings.port) == ("0.0.0.0", 8123)  # noqa: S104 - as it was given
    assert settings.docs_path == "/the/docs"
    assert settings.admin is not None
    assert settings.admin.username == "api_admin"
    assert check_password_hash(admin_hash(settings), PASSWORD)
    assert [line.split(": ")[:2] for line in settings.warnings] == [
        ["environment", "PORTAL_SECRET_KEY"],
        ["configs/.env", "CLICKHOUSE_FAST_API_HOST"],
        ["configs/.env", "CLICKHOUSE_FAST_API_PORT"],
        ["configs/.env", "CLICKHOUSE_FAST_API_DOCS_PATH"],
        ["configs/.env", "CLICKHOUSE_FAST_API_USERNAME"],
        ["configs/.env", "CLICKHOUSE_FAST_API_PASSWORD"],
        ["configs/org_config.yaml", "services.one.password"],
    ]
    for secret in (PASSWORD, "User1ShallPass", settings.secret_key.get_secret_value()):
        assert secret not in f"{settings} {settings.warnings}"


@pytest.mark.parametrize(("name", "instead"), INSTEAD.items())
def test_a_warning_says_what_to_write_now(root: Path, name: str, instead: str) -> None:
    given = {name: EARLIER[name], "PORTAL_ADMIN_USERNAME": "admin"}
    if instead != "PORTAL_ADMIN_PASSWORD_HASH":
        given["PORTAL_ADMIN_PASSWORD_HASH"] = generate_password_hash(PASSWORD)
    if instead == "PORTAL_ADMIN_USERNAME":
        del given["PORTAL_ADMIN_USERNAME"]
    (line,) = load(root, **given).warnings
    assert line.startswith(f"environment: {name}: is ")
    assert f" Write {instead} instead." in line


def test_the_portals_own_names_win_wherever_they_stand(tmp_path: Path) -> None:
    root = make_root(tmp_path, env_file="PORTAL_PORT=8111\nPORTAL_HOST=127.0.0.2\n")
    own_hash = generate_password_hash("another password")
    own = {
        "PORTAL_ADMIN_USERNAME": "admin",
        "PORTAL_ADMIN_PASSWORD_HASH": own_hash,
        "PORTAL_DOCS_PATH": "/own",
    }
    settings = load(root, **EARLIER, **own)
    assert (settings.port, settings.host, settings.docs_path) == (8111, "127.0.0.2", "/own")
    assert settings.admin is not None
    assert (settings.admin.username, admin_hash(settings)) == ("admin", own_hash)
    assert len(settings.warnings) == 5
    assert all("is not used beside PORTAL_" in line for line in settings.warnings)


def test_a_bad_value_is_a_fault_of_the_name_it_stands_under(root: Path) -> None:
    (line,) = faults_of(root, CLICKHOUSE_FAST_API_PORT="eighty")
    assert line.startswith("environment: CLICKHOUSE_FAST_API_PORT: is not a whole number")
    (line,) = faults_of(
        root,
        CLICKHOUSE_FAST_API_USERNAME="admin",
        CLICKHOUSE_FAST_API_PASSWORD="<api_password>",
    )
    assert line.startswith("environment: CLICKHOUSE_FAST_API_PASSWORD: is still the template's")


def test_half_an_administrator_is_a_fault_under_the_earlier_names_too(root: Path) -> None:
    (line,) = faults_of(root, CLICKHOUSE_FAST_API_USERNAME="admin")
    assert "PORTAL_ADMIN_PASSWORD_HASH: is missing beside PORTAL_ADMIN_USERNAME" in line


def test_a_misspelt_earlier_name_is_a_fault(tmp_path: Path) -> None:
    root = make_root(tmp_path, env_file="CLICKHOUSE_FAST_API_POTR=8111\n")
    (line,) = faults_of(root)
    assert line.startswith("configs/.env: CLICKHOUSE_FAST_API_POTR: is not a setting")


def test_a_portal_without_earlier_names_needs_its_key_and_warns_of_nothing(root: Path) -> None:
    assert load(root).warnings == ()
    assert len(faults_of(root, PORTAL_SECRET_KEY=None)) == 1


def test_every_earlier_name_has_its_own() -> None:
    assert {item.alias.name: item.name for item in ENVIRONMENT if item.alias} == INSTEAD


@pytest.mark.parametrize(
    "path", ["docs", "/", "/groups/docs", "/api", "/a//b", "/../x", "/a b", "/a?b", "/<x>"]
)
def test_a_docs_path_is_a_path_of_its_own(root: Path, path: str) -> None:
    (line,) = faults_of(root, PORTAL_DOCS_PATH=path)
    assert line.startswith("environment: PORTAL_DOCS_PATH: ")


def test_a_docs_path_may_end_with_a_slash(root: Path) -> None:
    assert load(root, PORTAL_DOCS_PATH="/some/docs/").docs_path == "/some/docs"
