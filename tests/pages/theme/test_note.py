"""The operators' note stands where everybody looks first."""

from tests.conftest import StartPortal
from tests.support.browser import Browser
from tests.support.portal import Config
from tests.support.sandbox import RunningSandbox

NOTE = """**Sunday** nothing can be scaled.

- [Status](https://status.example.test)
- <b>not bold</b>
"""


def leave_note(config: Config) -> None:
    config["portal"]["note"] = NOTE


def test_the_note_is_on_the_sign_in_page_and_above_the_groups(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    browser = Browser(start_portal(adapt=leave_note).url)
    for page in (browser.get("/sign-in"), browser.sign_in(sandbox.person("alice"))):
        assert page.text(".note strong") == "Sunday"
        assert page.link("Status") == "https://status.example.test"
        assert page.soup.select_one('.note a[rel="noopener noreferrer"]')
        assert "<b>not bold</b>" in page.text(".note")
    assert browser.get("/account").soup.select_one(".note") is None
