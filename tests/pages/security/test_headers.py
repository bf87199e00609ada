"""The headers of every kind of answer, when the portal is behind TLS."""

import re
from http.cookies import SimpleCookie

import pytest
import requests
from bs4 import BeautifulSoup

from tests.api.test_unreadable import read_problem, send
from tests.pages.security.behind_tls import TlsBrowser
from tests.pages.security.observatory import score
from tests.support.page_checks import HEADERS
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

LEAST_SCORE = 125
KINDS = {
    "page": ("GET", "/groups", 200, "text/html; charset=utf-8"),
    "group": ("GET", "/groups/{group}", 200, "text/html; charset=utf-8"),
    "form": ("GET", "/groups/{group}/scale", 200, "text/html; charset=utf-8"),
    "fragment": ("GET", "/groups/live", 200, "text/html; charset=utf-8"),
    "account": ("GET", "/account", 200, "text/html; charset=utf-8"),
    "redirect": ("GET", "/", 303, "text/html; charset=utf-8"),
    "head": ("HEAD", "/groups", 200, "text/html; charset=utf-8"),
    "options": ("OPTIONS", "/groups", 200, "text/html; charset=utf-8"),
    "without a token": ("POST", "/sign-in", 403, "text/html; charset=utf-8"),
    "unknown": ("GET", "/nowhere", 404, "text/html; charset=utf-8"),
    "unknown id": ("GET", "/groups/{none}", 404, "text/html; charset=utf-8"),
    "method": ("PUT", "/groups", 405, "text/html; charset=utf-8"),
    "trace": ("TRACE", "/groups", 405, "text/html; charset=utf-8"),
    "too many": ("GET", "/sign-in?next=a&next=b", 400, "text/html; charset=utf-8"),
    "alive": ("GET", "/healthz", 200, "text/plain; charset=utf-8"),
    "ready": ("GET", "/readyz", 200, "text/plain; charset=utf-8"),
    "no such file": ("GET", "/static/nothing.css", 404, "text/html; charset=utf-8"),
    "api": ("GET", "/api/v1/groups", 401, "application/problem+json"),
    "api unknown": ("GET", "/api/nothing", 404, "application/problem+json"),
    "earlier api": ("GET", "/service/state", 422, "application/problem+json"),
    "documentation": ("GET", "/clickhouse/manual/scaling/docs", 401, "text/plain; charset=utf-8"),
}
FILES = {
    "portal.css": "text/css; charset=utf-8",
    "bootstrap.min.css": "text/css; charset=utf-8",
    "portal.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml; charset=utf-8",
}


Answers = dict[str, requests.Response]


@pytest.fixture(scope="module")
def answers(tls_portal: PortalProcess, worker_sandbox: RunningSandbox) -> Answers:
    """One answer of each kind, and each file, to Alice; the first is that to her sign-in."""
    worker_sandbox.reset()
    alice = TlsBrowser(tls_portal)
    found = {"sign-in": alice.sign_in(worker_sandbox.person("alice"))}
    group = worker_sandbox.service_id("Analytics reporting")
    none = "0c000000-0000-4000-8000-0000000000ff"
    for kind, (method, path, status, _) in KINDS.items():
        found[kind] = alice.send(method, path.format(group=group, none=none))
        assert found[kind].status_code == status, kind
    page = BeautifulSoup(found["page"].content, "html.parser")
    for name in FILES:
        tag = page.select_one(f'[href$="/{name}"], [src$="/{name}"]')
        assert tag is not None
        found[name] = alice.send("GET", str(tag.get("href") or tag["src"]))
    return found


# ASVS 3.4.1, 3.4.2, 3.4.3, 3.4.4, 3.4.5, 3.4.6, 3.4.8, 3.5.8, 13.4.6
@pytest.mark.parametrize("kind", ["sign-in", *KINDS, *FILES])
def test_every_kind_of_answer_has_every_header(answers: Answers, kind: str) -> None:
    headers = answers[kind].headers
    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    assert "Access-Control-Allow-Origin" not in headers
    assert not re.search(r"\d", headers.get("Server", ""))


# ASVS 4.1.1
def test_every_answer_names_its_type(answers: Answers) -> None:
    named = {kind: type_ for kind, (_, _, _, type_) in KINDS.items()} | FILES
    found = {kind: answers[kind].headers["Content-Type"] for kind in named}
    # Older versions of Python know JavaScript by another name.
    assert found | {"portal.js": found["portal.js"].replace("application/", "text/")} == named


# ASVS 14.2.2, 14.3.2
def test_no_browser_and_nothing_on_the_way_keeps_a_page(answers: Answers) -> None:
    kept = {kind for kind in answers if answers[kind].headers.get("Cache-Control") != "no-store"}
    assert kept == set(FILES)


# ASVS 3.3.1, 3.3.2, 3.3.3, 3.3.4
def test_cookies_are_for_this_host_alone_and_not_for_scripts(answers: Answers) -> None:
    lines = answers["sign-in"].raw.headers.getlist("Set-Cookie")
    cookies = [morsel for line in lines for morsel in SimpleCookie(line).values()]
    assert "__Host-portal" in {morsel.key for morsel in cookies}
    for morsel in cookies:
        assert morsel.key.startswith("__Host-")
        assert (morsel["secure"], morsel["httponly"], morsel["samesite"]) == (True, True, "Lax")
        assert (morsel["path"], morsel["domain"]) == ("/", "")
    (session,) = [morsel.value for morsel in cookies if morsel.key == "__Host-portal"]
    assert not [kind for kind in answers if session in answers[kind].text]


def test_every_answer_scores_high_at_the_observatory(
    answers: Answers, capsys: pytest.CaptureFixture[str]
) -> None:
    scores = {kind: score(answer.headers) for kind, answer in answers.items()}
    with capsys.disabled():
        print(f"\nheaders: {min(scores.values())} to {max(scores.values())} points")  # noqa: T201
    assert min(scores.values()) >= LEAST_SCORE, scores


def test_the_portal_answers_to_its_own_name_alone(tls_portal: PortalProcess) -> None:
    for host in ("127.0.0.1", "evil.example", "portal.example.test.evil.example"):
        answer = TlsBrowser(tls_portal).send("GET", "/sign-in", headers={"Host": host})
        assert answer.status_code == 400


# ASVS 4.1.3, 15.3.4
def test_of_a_chain_of_addresses_the_one_that_the_proxy_saw_counts(
    tls_portal: PortalProcess, worker_sandbox: RunningSandbox
) -> None:
    claimed = TlsBrowser(tls_portal, address="203.0.113.9, 198.18.255.77")
    claimed.send("GET", "/healthz?seen=from")
    lines = [line for line in tls_portal.read_log().splitlines() if '"/healthz"' in line]
    assert '"address": "198.18.255.77"' in lines[-1]


# ASVS 3.4.1
def test_what_never_reaches_the_portal_is_answered_with_them_too(
    tls_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    answer = send(tls_portal, b"GET /groups\r\n\r\n")
    read_problem(answer)
    wanted = b"Strict-Transport-Security: max-age=63072000; includeSubDomains"
    assert wanted in answer.split(b"\r\n")
