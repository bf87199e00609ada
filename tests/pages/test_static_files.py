"""Files that are the same for everybody: kept for a year, compressed, and never a stale one."""

import gzip

import pytest

from tests.support.browser import Browser
from tests.support.portal import PortalProcess

NAMES = ["bootstrap.min.css", "portal.css", "portal.js", "icon.svg"]
A_YEAR = "public, max-age=31536000, immutable"


@pytest.mark.parametrize("name", NAMES)
def test_a_file_may_be_kept_for_a_year(browser: Browser, name: str) -> None:
    address = browser.get("/sign-in").asset(name)
    answer = browser.fetch("GET", address)
    assert answer.headers["Cache-Control"] == A_YEAR
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("name", NAMES[:-1])
def test_a_file_is_sent_compressed_to_whoever_can_read_that(browser: Browser, name: str) -> None:
    address = browser.get("/sign-in").asset(name)
    packed = browser.fetch("GET", address, headers={"Accept-Encoding": "gzip"}, stream=True)
    sent = packed.raw.read(decode_content=False)
    plain = browser.fetch("GET", address, headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(sent) < len(plain.content)
    assert gzip.decompress(sent) == plain.content
    assert "Content-Encoding" not in plain.headers
    assert all("Accept-Encoding" in answer.headers["Vary"] for answer in (packed, plain))


def test_a_kept_file_is_confirmed_without_being_sent_again(browser: Browser) -> None:
    address = browser.get("/sign-in").asset("portal.css")
    tag = browser.fetch("GET", address, headers={"Accept-Encoding": "gzip"}).headers["ETag"]
    assert tag.startswith("W/")
    answer = browser.fetch("GET", address, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["Cache-Control"] == A_YEAR


def test_the_address_of_another_edition_is_no_address(browser: Browser) -> None:
    address = browser.get("/sign-in").asset("portal.css")
    edition = address.split("/")[2]
    missing = browser.fetch("GET", address.replace(edition, "0" * len(edition)))
    assert missing.status_code == 404
    assert missing.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/sign-in", "/healthz", "/nowhere"])
def test_what_is_made_for_one_person_is_never_compressed(browser: Browser, path: str) -> None:
    answer = browser.fetch("GET", path, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


def test_the_edition_is_the_same_after_a_restart(fresh_portal: PortalProcess) -> None:
    browser = Browser(fresh_portal.url)
    before = browser.get("/sign-in").asset("portal.css")
    fresh_portal.restart()
    assert browser.get("/sign-in").asset("portal.css") == before
