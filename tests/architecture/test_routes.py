"""Every route is in exactly one access list, and every page has the template of its name."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.http.access import ADMIN, API, POLLED, PUBLIC, SHARED, SIGNED_IN, WATCHING
from tests.architecture.tree import ROOT, templates
from tests.unit.web.application import wired_application

LISTS = {
    "SHARED": SHARED,
    "PUBLIC": PUBLIC,
    "WATCHING": WATCHING,
    "POLLED": POLLED,
    "SIGNED_IN": SIGNED_IN,
    "ADMIN": ADMIN,
    "API": API,
}
CHANGING = {
    "account.end_session",
    "account.refresh_roles",
    "account.sign_out_everywhere",
    "admin.end_session",
    "admin.end_sessions_of",
    "admin.freeze",
    "admin.lift_freeze",
    "admin.sign_out",
    "sign_in.sign_out",
    "sign_in.stay",
    "sign_in.switch",
    "sign_in.begin_company",
    "sign_in.prove_again",
    "groups.mark",
    "changes.begin",
    "changes.confirm",
    "changes.propose",
    "changes.close",
    "boosts.extend",
    "boosts.end",
    "boosts.take_over",
    "schedules.save",
    "schedules.order",
    "theme.choose",
    "tokens.create",
    "tokens.revoke",
    "admin.revoke_token",
}
"""What these do is done by POST alone."""

WITH_A_FORM = {"admin.sign_in", "sign_in.form"}
"""These show a form and take it."""

OTHER_METHODS = {
    "api.put_schedule": "PUT",
    "api.take_back_schedule": "DELETE",
    "api.delete_schedule": "DELETE",
    "api.end_boost": "DELETE",
    "api.revoke_token": "DELETE",
}
PROGRAMS_POST = {
    "api.create_change",
    "api.change_state",
    "api.create_boost",
    "api.hand_over_schedule",
    "api.extend_boost",
    "api.take_over_boost",
    "legacy.scale",
}
"""What programs change."""

WITH_A_PAGE_FOR_PROGRAMMERS = {"docs.show", "docs.reference"}

WITHOUT_A_PAGE = {
    "groups.home",
    "sign_in.go_company",
    "sign_in.finish_company",
    "sign_in.leave_company",
    "monitoring.alive",
    "monitoring.ready",
    "audit.export",
    "audit.export_all",
    *CHANGING,
    *SHARED,
    *WATCHING,
    *(API - WITH_A_PAGE_FOR_PROGRAMMERS),
}
"""These redirect, or answer programs."""

SHOWN_BY_OTHERS = {
    "changes/closed.html",
    "changes/conflict.html",
    "sign_in/leave.html",
    "schedules/review.html",
    "tokens/made.html",
    "errors/error.html",
}
"""Pages that an endpoint shows instead of its own: a refused confirmation, any error."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application, wired."""
    with wired_application(tmp_path_factory.mktemp("portal")) as wired:
        yield wired


@pytest.fixture
def endpoints(app: Flask) -> set[str]:
    """The names of all routes."""
    return {rule.endpoint for rule in app.url_map.iter_rules()}


# ASVS 8.1.1
def test_every_route_stands_in_exactly_one_list(endpoints: set[str]) -> None:
    for endpoint in endpoints:
        found = [name for name, members in LISTS.items() if endpoint in members]
        assert len(found) == 1, f"{endpoint} stands in {found or 'no list'}"


def test_the_lists_name_nothing_that_does_not_exist(endpoints: set[str]) -> None:
    assert frozenset().union(*LISTS.values()) == endpoints


# ASVS 4.1.4
def test_nothing_takes_a_method_that_it_does_not_need(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        taken = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint in CHANGING | PROGRAMS_POST:
            assert taken == {"POST"}
        elif rule.endpoint in WITH_A_FORM:
            assert taken == {"GET", "POST"}
        elif rule.endpoint in OTHER_METHODS:
            assert taken == {OTHER_METHODS[rule.endpoint]}
        else:
            assert taken == {"GET"}, rule.endpoint


def template_of(endpoint: str) -> str:
    """`groups.show` has groups/show.html, its live fragment groups/_show.html."""
    package, name = endpoint.split(".")
    if endpoint in POLLED:
        return f"{package}/_{name.removesuffix('_live')}.html"
    return f"{package}/{name}.html"


def test_every_page_has_the_template_of_its_name(endpoints: set[str]) -> None:
    for endpoint in endpoints - WITHOUT_A_PAGE:
        assert template_of(endpoint) in templates()


def test_every_template_belongs_to_a_page(endpoints: set[str]) -> None:
    pages = {template_of(endpoint) for endpoint in endpoints - WITHOUT_A_PAGE}
    own = {name for name in templates() if not name.startswith(("layouts/", "components/"))}
    parts = {name for name in own if "/_" in name}
    assert own - parts == pages - parts | SHOWN_BY_OTHERS
    pages_code = "".join(path.read_text("utf-8") for path in (ROOT / "app/web").rglob("*.py"))
    for name in parts:
        others = [text for other, text in templates().items() if other != name]
        assert any(name in text for text in (*others, pages_code)), name


@pytest.mark.parametrize("name", templates())
def test_every_template_can_be_compiled(app: Flask, name: str) -> None:
    app.jinja_env.get_template(name)
