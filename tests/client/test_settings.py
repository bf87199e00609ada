"""Where the command takes its settings from, and what it refuses."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.client.exits import CommandError, Exit
from app.client.settings import Settings, load_settings

TEXT = 'url = "https://portal.example.com/"\ntoken = "cgp_kept"\n'
KEPT = Settings("https://portal.example.com", "cgp_kept")


def write(path: Path, text: str, mode: int = 0o600) -> dict[str, str]:
    """A file with these settings; the environment that names it."""
    path.write_text(text)
    path.chmod(mode)
    return {"CGP_CONFIG": str(path)}


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    environ = write(tmp_path / "config.toml", TEXT)
    assert load_settings(environ) == KEPT
    other = load_settings(environ | {"CGP_TOKEN": "cgp_other"})
    assert other == Settings("https://portal.example.com", "cgp_other")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(CommandError, match="chmod 600") as caught:
        load_settings(write(tmp_path / "config.toml", TEXT, mode))
    assert caught.value.exit_code is Exit.USAGE


@pytest.mark.parametrize("text", ["url = 1", "secret = 'x'", "url = ", "\x00"])
def test_a_file_with_anything_else_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(CommandError) as caught:
        load_settings(write(tmp_path / "config.toml", text))
    assert caught.value.code == "bad_file"


@pytest.mark.parametrize(
    "url",
    [
        "http://portal.example.com",
        "ftp://portal.example.com",
        "https://alice@portal.example.com",
        "portal.example.com",
        "https://",
        "https://[::1",
        "https://h:80a",
        "https://h:99999",
    ],
)
def test_a_token_goes_nowhere_in_the_clear_nor_to_what_is_no_address(url: str) -> None:
    with pytest.raises(CommandError) as caught:
        load_settings({"CGP_URL": url, "CGP_TOKEN": "cgp_x", "CGP_CONFIG": "/nowhere"})
    assert caught.value.code == "bad_url"


def test_this_machine_may_do_without_tls() -> None:
    environ = {"CGP_URL": "http://127.0.0.1:8000", "CGP_TOKEN": "cgp_x", "CGP_CONFIG": "/nowhere"}
    assert load_settings(environ).url == "http://127.0.0.1:8000"


def without_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container under a user id that no passwd names."""
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("os.getuid", lambda: 1_000_650_000)


def with_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """As some systems say that a service has no home."""
    monkeypatch.setenv("HOME", "/dev/null")


@pytest.mark.parametrize("arrange", [without_home, with_no_folder])
def test_a_service_account_needs_no_home(
    monkeypatch: pytest.MonkeyPatch, arrange: Callable[[pytest.MonkeyPatch], None]
) -> None:
    arrange(monkeypatch)
    both = {"CGP_URL": "https://portal.example.com", "CGP_TOKEN": "cgp_kept"}
    assert load_settings(both) == KEPT
    with pytest.raises(CommandError, match="Set CGP_URL and CGP_TOKEN") as caught:
        load_settings({"CGP_URL": "https://portal.example.com"})
    assert caught.value.code == "no_token"


def test_no_file_is_read_where_the_environment_says_both(tmp_path: Path) -> None:
    environ = write(tmp_path / "config.toml", "neither", 0o644)
    both = {"CGP_URL": "https://portal.example.com", "CGP_TOKEN": "cgp_kept"}
    assert load_settings(environ | both) == KEPT
