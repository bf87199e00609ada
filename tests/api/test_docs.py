"""The API's pages: for the administrator alone; the reference is whole without JavaScript."""

from itertools import count

import pytest
import requests
from bs4 import BeautifulSoup
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from app.api.docs.openapi import build_document
from app.services.sign_in.throttling.waits import FREE_ATTEMPTS_OF_NAME
from tests.support.openapi import check_answer
from tests.support.page_checks import HEADERS, TITLE, check_markup
from tests.support.portal import NO_BUDGET, PortalProcess, portal_fixture

ADMIN = ("documents", "a password of some length")
PATH = "/the/docs"
PAGES = ["", "/reference", "/openapi.json"]
_addresses = count(1)


docs_portal = portal_fixture(
    "module", ADMIN, entry=NO_BUDGET, PORTAL_DOCS_PATH=PATH, PORTAL_TRUSTED_PROXIES="1"
)
"""A portal with an administrator and a docs path of its own."""


def get(
    portal: PortalProcess, path: str, auth: tuple[str, str] | None = ADMIN, address: str = ""
) -> requests.Response:
    """Ask for an address, from an address of its own unless told otherwise."""
    headers = {"X-Forwarded-For": address or f"198.18.9.{next(_addresses)}"}
    return requests.get(portal.url + path, auth=auth, headers=headers, timeout=30)


@pytest.mark.parametrize("page", PAGES)
def test_strangers_are_asked_for_the_administrators_name(
    docs_portal: PortalProcess, page: str
) -> None:
    for auth in (
        None,
        ("", ""),
        ("alice", "alice-sandbox-1"),
        (ADMIN[0], "wrong"),
        ("x", ADMIN[1]),
    ):
        response = get(docs_portal, PATH + page, auth)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"].startswith(
            'Basic realm="Compute group portal: '
        )
        assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert "administrator" in response.text
        assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("page", PAGES)
def test_the_administrator_sees_every_page_without_any_session(
    docs_portal: PortalProcess, page: str
) -> None:
    response = get(docs_portal, PATH + page)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers


def test_guessing_the_administrators_password_is_slowed_down(docs_portal: PortalProcess) -> None:
    # From many addresses: the name is counted. A name of its own, so that no other test waits.
    statuses = [
        get(docs_portal, PATH, ("guessed", "wrong")).status_code
        for _ in range(FREE_ATTEMPTS_OF_NAME + 1)
    ]
    assert statuses == [401] * FREE_ATTEMPTS_OF_NAME + [429]
    refused = get(docs_portal, PATH, ("guessed", "wrong"))
    assert int(refused.headers["Retry-After"]) > 0


def test_without_an_administrator_there_are_no_docs(portal: PortalProcess) -> None:
    for path in ("/clickhouse/manual/scaling/docs", "/openapi.json"):
        assert get(portal, path).status_code == 404


def test_the_document_served_is_the_document_tested(docs_portal: PortalProcess) -> None:
    served = get(docs_portal, f"{PATH}/openapi.json")
    assert served.json() == build_document()
    validate(served.json(), cls=OpenAPIV31SpecValidator)


def test_the_document_is_at_the_root_as_well_and_as_well_guarded(
    docs_portal: PortalProcess,
) -> None:
    served, same = get(docs_portal, "/openapi.json"), get(docs_portal, f"{PATH}/openapi.json")
    assert served.status_code == 200
    assert served.content == same.content
    for name in ("Content-Type", "Cache-Control", "Content-Security-Policy"):
        assert served.headers[name] == same.headers[name]
    for auth in (None, ("alice", "alice-sandbox-1"), (ADMIN[0], "wrong")):
        refused = get(docs_portal, "/openapi.json", auth)
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"].startswith("Basic ")
        assert "Set-Cookie" not in refused.headers


def test_swagger_ui_has_the_portals_policy_but_for_its_images(docs_portal: PortalProcess) -> None:
    response = get(docs_portal, PATH)
    own = response.headers["Content-Security-Policy"].split("; ")
    portals = HEADERS["Content-Security-Policy"].split("; ")
    assert set(own) - set(portals) == {"img-src 'self' data:", "form-action 'none'"}
    for name in HEADERS.keys() - {"Content-Security-Policy"}:
        assert response.headers[name] == HEADERS[name]
    for page in PAGES[1:]:
        policy = get(docs_portal, PATH + page).headers["Content-Security-Policy"]
        assert policy == HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize("page", ["", "/reference"])
def test_the_pages_are_well_formed_and_ask_no_other_host(
    docs_portal: PortalProcess, page: str
) -> None:
    response = get(docs_portal, PATH + page)
    soup = BeautifulSoup(response.content, "html.parser")
    check_markup(response.content, soup, is_fragment=False)
    # Swagger UI brings its own heading.
    assert len(soup.find_all("h1")) == (1 if page else 0)
    assert soup.title is not None
    assert soup.title.get_text().endswith(f" \N{EN DASH} {TITLE}")
    for tag in soup.select("link[href], script[src]"):
        address = str(tag.get("href") or tag.get("src"))
        # These files are the same for everybody, so they need no password.
        assert get(docs_portal, address, None).status_code == 200


def test_the_reference_has_every_operation_field_and_answer(docs_portal: PortalProcess) -> None:
    soup = BeautifulSoup(get(docs_portal, f"{PATH}/reference").content, "html.parser")
    assert not soup.find_all("script")
    document = build_document()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            section = soup.select_one(f"section:has(> #{operation['operationId']})")
            assert section is not None
            text = section.get_text()
            assert f"{method.upper()} {path}" in text
            assert all(status in text for status in operation["responses"])
            assert all(part["name"] in text for part in operation["parameters"])
    for name, schema in document["components"]["schemas"].items():
        section = soup.select_one(f"section:has(> #shape-{name})")
        assert section is not None
        assert all(field in section.get_text() for field in schema.get("properties", ()))


def test_what_an_error_means_in_every_operation_is_told_once(docs_portal: PortalProcess) -> None:
    text = BeautifulSoup(get(docs_portal, f"{PATH}/reference").content, "html.parser").get_text()
    assert text.count("Validation failed; errors names every field") == 1
    assert text.count("Too many attempts") == 1


def test_only_swagger_uis_own_files_are_served(docs_portal: PortalProcess) -> None:
    for name in ("oauth2-redirect.html", "VERSION", "..%2f__init__.py", "%2e%2e/__init__.py"):
        assert get(docs_portal, f"{PATH}/assets/{name}").status_code == 404


def test_the_administrators_credentials_open_nothing_but_the_docs(
    docs_portal: PortalProcess,
) -> None:
    service_id = docs_portal.sandbox.service_id("Analytics reporting")
    for path in (
        f"/service/state?service_id={service_id}",
        f"/api/v1/groups/{service_id}",
        "/api/v1/groups?warehouse=analytics",
    ):
        answer = check_answer(get(docs_portal, path))
        assert answer.status_code == 403, answer.text
        assert answer.json()["code"] == "not_allowed"
