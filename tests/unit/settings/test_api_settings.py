"""Settings of the JSON API's authentication."""

from pathlib import Path

import pytest

from tests.unit.settings.helpers import faults_of, load

SWITCH, SECONDS = "PORTAL_ALLOW_QUERY_CREDENTIALS", "PORTAL_API_REMEMBER_SECONDS"


def test_by_default_passwords_are_remembered_for_a_minute_and_query_strings_are_taken(
    root: Path,
) -> None:
    api = load(root).api
    assert (api.remember_seconds, api.may_use_query_credentials) == (60, True)


@pytest.mark.parametrize(("text", "is_on"), [("on", True), ("off", False), ("OFF", False)])
def test_query_credentials_are_on_or_off(root: Path, text: str, *, is_on: bool) -> None:
    settings = load(root, **{SWITCH: text})
    assert settings.api.may_use_query_credentials is is_on
    (shown,) = (item.shown for item in settings.effective if item.name == SWITCH)
    assert shown == ("on" if is_on else "off")


@pytest.mark.parametrize("text", ["yes", "true", "1", "no", "of"])
def test_anything_else_is_refused(root: Path, text: str) -> None:
    assert faults_of(root, **{SWITCH: text}) == (
        f"environment: {SWITCH}: is neither on nor off. Write on or off.",
    )


def test_passwords_may_be_remembered_for_no_time_and_for_five_minutes_at_most(root: Path) -> None:
    assert load(root, **{SECONDS: "0"}).api.remember_seconds == 0
    assert load(root, **{SECONDS: "300"}).api.remember_seconds == 300
    assert len(faults_of(root, **{SECONDS: "301"})) == 1
