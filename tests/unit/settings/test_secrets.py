"""Secrets: weak ones are refused, files may hold them, and no fault repeats one."""

from pathlib import Path

import pytest

from tests.unit.settings.helpers import GOOD, SECRET, SECRET_KEY, faults_of, load, make_root

SECRETS = ["CLICKHOUSE_API_KEY", "CLICKHOUSE_API_SECRET", "PORTAL_SECRET_KEY"]
GUESSABLE = [
    "<your_api_key>",
    "prefix-<your_secret_key>-suffix-of-some-length",
    "q7-2",
    "a" * 64,
    "ababababababababababababababababababab",
    "changeme" * 8,
    "change-me-change-me-change-me-change-me",
    "your_secret_key_your_secret_key_your_secret_key",
    "CLICKHOUSE_API_SECRET_CLICKHOUSE_API_SECRET",
    "12345678901234567890123456789012",
    "passwordpasswordpasswordpassword",
]


# ASVS 6.3.2, 13.2.3
@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("text", GUESSABLE)
def test_a_guessable_secret_is_refused(root: Path, name: str, text: str) -> None:
    (line,) = faults_of(root, **{name: text})
    assert line.startswith(f"environment: {name}: ")
    assert text not in line


# ASVS 11.2.3
def test_the_key_for_cookies_has_at_least_32_characters(root: Path) -> None:
    assert load(root, PORTAL_SECRET_KEY=SECRET_KEY[:32])
    assert "shorter than 32" in faults_of(root, PORTAL_SECRET_KEY=SECRET_KEY[:31])[0]


@pytest.mark.parametrize("name", ["CLICKHOUSE_API_KEY", "CLICKHOUSE_API_SECRET"])
@pytest.mark.parametrize("spoilt", ["a b", "a\nb", "ключ"])
def test_a_key_that_cannot_travel_is_refused(root: Path, name: str, spoilt: str) -> None:
    (line,) = faults_of(root, **{name: GOOD[name] + spoilt})
    assert "has characters that no key" in line


def test_a_key_id_has_no_colon(root: Path) -> None:
    assert faults_of(root, CLICKHOUSE_API_KEY=GOOD["CLICKHOUSE_API_KEY"] + ":x")


# ASVS 13.3.1
@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_secret_may_be_in_a_file(root: Path, name: str, end: str) -> None:
    (root / "secret").write_bytes((GOOD[name] + end).encode())
    settings = load(root, **{name: None, f"{name}_FILE": str(root / "secret")})
    found = {settings.cloud.key_id, settings.cloud.key_secret, settings.secret_key}
    assert {secret.get_secret_value() for secret in found} == {GOOD[item] for item in SECRETS}


def test_the_database_with_its_password_may_be_in_a_file(root: Path) -> None:
    (root / "secret").write_text("sqlite:////records/portal.db\n", encoding="utf-8")
    url = load(root, PORTAL_DATABASE_URL_FILE="secret").database_url
    assert url.get_secret_value() == "sqlite:////records/portal.db"


def test_only_one_line_end_is_taken_off(root: Path) -> None:
    (root / "secret").write_text(GOOD["CLICKHOUSE_API_SECRET"] + "\n\n", encoding="utf-8")
    (line,) = faults_of(root, CLICKHOUSE_API_SECRET=None, CLICKHOUSE_API_SECRET_FILE="secret")
    assert line.startswith("environment: CLICKHOUSE_API_SECRET_FILE: has characters")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_secret_file_that_cannot_be_read_is_a_fault(root: Path, content: bytes | None) -> None:
    if content is not None:
        (root / "secret").write_bytes(content)
    (line,) = faults_of(root, PORTAL_SECRET_KEY=None, PORTAL_SECRET_KEY_FILE="secret")
    assert line.startswith("environment: PORTAL_SECRET_KEY_FILE: names a file that cannot be read")


def test_a_secret_given_both_ways_is_a_fault(root: Path) -> None:
    (root / "secret").write_text(SECRET_KEY, encoding="utf-8")
    (line,) = faults_of(root, PORTAL_SECRET_KEY_FILE="secret")
    assert line == (
        "environment: PORTAL_SECRET_KEY_FILE: is given beside PORTAL_SECRET_KEY. Keep one of them."
    )


@pytest.mark.parametrize("end", ["", "<canary>"])
def test_no_fault_repeats_what_was_given(root: Path, end: str) -> None:
    canary = f"https://canary:canary@canary.example.com/?canary=ключ{end}"
    names = [*GOOD, "CLICKHOUSE_API_URL", "PORTAL_PUBLIC_URL", "PORTAL_DATABASE_URL", "PORTAL_PORT"]
    lines = faults_of(root, **dict.fromkeys(names, canary))
    assert len(lines) >= len(names) - 1
    assert "canary" not in "".join(lines)


# ASVS 13.3.1, 14.2.4
def test_secrets_do_not_show_when_settings_are_printed(root: Path) -> None:
    shown = repr(load(root))
    assert not [name for name in SECRETS if GOOD[name] in shown]


def test_the_files_that_secrets_were_read_from_are_known(tmp_path: Path) -> None:
    root = make_root(tmp_path, env_file=f"PORTAL_METRICS_TOKEN={SECRET_KEY}")
    (root / "secret").write_text(SECRET, encoding="utf-8")
    named = {"CLICKHOUSE_API_SECRET": None, "CLICKHOUSE_API_SECRET_FILE": "secret"}
    assert load(root, **named).secret_files == (root / "configs/.env", root / "secret")


def test_a_settings_file_without_a_secret_is_not_one_of_them(tmp_path: Path) -> None:
    root = make_root(tmp_path, env_file="PORTAL_PORT=8001\nPORTAL_SECRET_KEY_FILE=secret")
    (root / "secret").write_text(SECRET_KEY, encoding="utf-8")
    assert load(root, PORTAL_SECRET_KEY=None).secret_files == (root / "secret",)
