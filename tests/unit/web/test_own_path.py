"""After signing in people go on to pages of the portal and nowhere else."""

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.web.return_path import own_path, return_path

HOME = "/groups"
HERE = "http://127.0.0.1:8000/sign-in"


@pytest.fixture(autouse=True)
def request_context(app: Flask) -> Iterator[None]:
    """A request, so that addresses can be built."""
    with app.test_request_context("/", base_url="http://127.0.0.1:8000"):
        yield


@pytest.mark.parametrize(
    "target", ["/groups", "/groups/1?a=b&c=d", "/changes/ABCD-2345#x", "/?next=//evil", "/a//b"]
)
def test_a_path_of_the_portal_is_kept(target: str) -> None:
    assert own_path(target) == target


# ASVS 3.7.2
@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "groups",
        "//evil.example.test",
        "///evil.example.test",
        "//[",
        "/\\evil.example.test",
        "\\\\evil.example.test",
        "/\t/evil.example.test",
        "/\n/evil.example.test",
        "/\r\nSet-Cookie: a=b",
        "/\x00",
        "/\u202e",
        "https:evil.example.test",
        "https://evil.example.test",
        "http:///evil.example.test",
        "javascript:alert(1)",
        "data:text/html,x",
        " //evil.example.test",
        "@evil.example.test",
        ".evil.example.test",
    ],
)
def test_anything_else_leads_to_the_groups(target: str | None) -> None:
    assert own_path(target) == HOME


TRICKS = st.sampled_from(
    ["/", "//", "\\", "\t", "\n", "@", ":", "https:", "evil.test", "[", "?", "#", "."]
)


@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(target=st.lists(TRICKS, max_size=6).map("".join) | st.text(max_size=12))
def test_no_target_leads_away_from_the_portal(target: str) -> None:
    led = own_path(target)
    # Browsers read a backslash as a slash and leave out tabs and line breaks.
    as_browsers = led.replace("\\", "/").replace("\t", "").replace("\n", "").replace("\r", "")
    assert urlsplit(urljoin(HERE, as_browsers)).netloc == "127.0.0.1:8000"


GROUP = "/groups/0c000000-0000-4000-8000-000000000012"


@pytest.mark.parametrize(
    ("method", "asked", "page"),
    [
        ("GET", "/groups?q=a%20b", "/groups?q=a%20b"),
        ("GET", "/nowhere%01", "/nowhere%01"),
        ("GET", "/groups/live?q=a", "/groups"),
        ("POST", "/nowhere", "/groups"),
        ("POST", "/sign-in?next=/account", "/sign-in?next=/account"),
        ("POST", f"{GROUP}/scale", f"{GROUP}/scale?again=1"),
        ("POST", f"{GROUP}/stop", GROUP),
        ("POST", "/changes/ABCD-2345/confirm", "/changes/ABCD-2345/review"),
        ("POST", "/changes/ABCD-2345/close", "/changes/ABCD-2345"),
        ("POST", "/account/roles", "/account"),
        ("POST", "/account/tokens", "/account/tokens/new"),
        ("POST", f"{GROUP}/schedule/review", f"{GROUP}/schedule/edit"),
        ("POST", f"{GROUP}/schedule/pause", f"{GROUP}/schedule"),
        ("POST", "/sign-out", "/groups"),
        ("GET", "/sign-in/company/callback?code=secret&state=secret", "/sign-in"),
    ],
)
def test_every_request_has_a_page_to_come_back_to(
    app: Flask, method: str, asked: str, page: str
) -> None:
    with app.test_request_context(asked, method=method):
        assert return_path() == page
