"""Whatever Cloud or people write is text and nothing else, wherever it is shown."""

from urllib.parse import quote

import pytest

from tests.conftest import SignIn
from tests.pages.people import CAMPAIGNS, REPORTING, confirm, draft, group_path
from tests.support.browser import Browser, values_of
from tests.support.sandbox import RunningSandbox

MARK = "x1337"
PAYLOADS = [
    f"<script>{MARK}</script>",
    f'"><img src=x onerror={MARK}>',
    f"'><svg onload={MARK}>",
    f"</title></textarea><b>{MARK}",
    f"javascript:{MARK}",
    f"{{{{ {MARK} }}}} {{% raw %}} ${{{MARK}}}",
    f"&lt;b&gt;{MARK}&#x3c;i&#x3e;",
    f"\u202e{MARK}\u2066",
    f"\x1b[31m{MARK}\r\nSet-Cookie: {MARK}=1",
    MARK * 2000,
]
RAW = ("<script>x", "<img", "<svg onload", "<b>", "<i>", 'href="javascript', "onerror=x1337>")
EVERYWHERE = (
    "provider",
    "region",
    "clickhouseVersion",
    "tier",
    "profile",
    "name",
    "releaseChannel",
)


def plant(sandbox: RunningSandbox, group: str, text: str) -> None:
    """Put the text into every field of a service that may hold text."""
    fields: dict[str, object] = dict.fromkeys(EVERYWHERE, text)
    fields["ipAccessList"] = [{"source": text, "description": text}]
    fields["endpoints"] = [{"protocol": text, "host": text, "port": 1, "username": text}]
    fields["tags"] = [{"key": text, "value": text}]
    sandbox.force(group, **fields)


def assert_harmless(browser: Browser, path: str, *, status: int = 200) -> None:
    page = browser.get(path, status)
    assert [raw for raw in RAW if raw in page.response.text] == [], path
    assert not [tag for tag in page.soup.find_all(True) if MARK in " ".join(tag.attrs)]
    assert MARK not in str(page.response.headers)


# ASVS 1.2.1, 1.2.2, 1.1.1
@pytest.mark.parametrize("text", PAYLOADS, ids=lambda text: repr(text[:20]))
def test_what_cloud_says_is_text_on_every_page(
    sign_in: SignIn, sandbox: RunningSandbox, text: str
) -> None:
    dana = sign_in("dana")
    plant(sandbox, CAMPAIGNS, text)
    for path in ("/groups", "/groups/live", "/account"):
        assert_harmless(dana, path)
    for part in ("", "live"):
        assert_harmless(dana, group_path(sandbox, CAMPAIGNS, part))
    scale = dana.fetch("GET", group_path(sandbox, CAMPAIGNS, "scale"))
    assert scale.status_code < 500
    assert not [raw for raw in RAW if raw in scale.text]


# ASVS 1.2.1, 1.1.1
@pytest.mark.parametrize(
    "text", [text for text in PAYLOADS if len(text) < 500 and "\r" not in text]
)
def test_a_reason_is_text_on_every_page(
    sign_in: SignIn, sandbox: RunningSandbox, text: str
) -> None:
    alice = sign_in("alice")
    fields = {"max_memory_gb": "64", "reason": text}
    page = alice.get(group_path(sandbox, part="scale"))
    answer = alice.fetch(
        "POST",
        page.path,
        data={
            "csrf_token": page.csrf_token,
            **dict(values_of(page.form_of("Review changes"))),
            **fields,
        },
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code in {303, 422}
    assert not [raw for raw in RAW if raw in answer.text]
    if answer.status_code == 422:  # control marks are no reason
        return
    review = alice.get(answer.headers["Location"])
    assert text in review.main.replace("\xa0", " ") or text in review.response.text
    change = confirm(alice)
    for path in (change.path, f"{change.path}/live", group_path(sandbox)):
        assert_harmless(alice, path)


# ASVS 1.2.1, 1.1.1
def test_what_stands_in_an_address_is_decoded_once_and_shown_as_text(browser: Browser) -> None:
    for text in (*PAYLOADS[:4], "%3Cscript%3Ex1337", "%253Cb%253E"):
        page = browser.get(f"/nowhere/{quote(text, safe='')}", 404)
        assert [raw for raw in RAW if raw in page.response.text] == []
        answer = browser.fetch("GET", "/sign-in", params={"next": text, "warehouse": text})
        assert [raw for raw in RAW if raw in answer.text] == []


# ASVS 1.2.3
def test_json_and_problems_hold_it_as_text(sandbox: RunningSandbox, sign_in: SignIn) -> None:
    sandbox.force(CAMPAIGNS, region=PAYLOADS[0], clickhouseVersion=PAYLOADS[1])
    dana = sandbox.person("dana")
    browser = Browser(sign_in("dana").url)
    browser.session.auth = (f"{dana.name}", dana.password)
    answer = browser.fetch("GET", f"/api/v1/groups/{sandbox.service_id(CAMPAIGNS)}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    answer.json()


def test_the_payloads_reach_the_pages(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    dana = sign_in("dana")
    plant(sandbox, CAMPAIGNS, f"harmless {MARK}")
    assert MARK in dana.get(group_path(sandbox, CAMPAIGNS)).response.text
    alice = sign_in("alice")
    draft(alice, sandbox, REPORTING, max_memory_gb="64", reason=MARK)
    assert MARK in alice.page.main
