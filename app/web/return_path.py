"""Where people come back to: after signing in, after choosing a look, by the Back button."""

from flask import current_app, request, url_for
from werkzeug.urls import iri_to_uri

from app.http.access import POLLED

SAFE_METHODS = {"GET", "HEAD"}
AGAIN = "again"
"""The parameter by which a form shows what was typed into it before; see `app.web.form_drafts`."""

PAGES = {
    "changes.begin": "groups.show",
    "changes.confirm": "changes.review",
    "changes.close": "changes.show",
    "account.end_session": "account.show",
    "account.refresh_roles": "account.show",
    "tokens.create": "tokens.new",
    "schedules.save": "schedules.edit",
    "schedules.order": "schedules.show",
    "admin.freeze": "admin.freezes",
}
"""What takes a form and has no page of its own -> the page that the form stands on."""


def own_path(target: str | None) -> str:
    """A path of this portal as it is; the groups for anything else."""
    home = url_for("groups.index")
    if not target or not target.startswith("/") or "\\" in target or not target.isprintable():
        return home
    # Two slashes begin another host's name.
    return home if target.startswith("//") else target


def return_path() -> str:
    """The address at which the page of this request can be opened again."""
    endpoint = request.endpoint
    if endpoint == "sign_in.finish_company":  # its address holds a code, which is in no page
        return url_for("sign_in.form")
    if endpoint in POLLED or (endpoint is None and request.method not in SAFE_METHODS):
        return url_for("groups.index")
    if request.method in SAFE_METHODS:
        return _requested_address()
    if endpoint == "changes.propose":
        return f"{request.path}?{AGAIN}=1"
    if endpoint in PAGES:
        return _page_of(PAGES[endpoint])
    takes_visits = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    return _requested_address() if takes_visits else url_for("groups.index")


def _requested_address() -> str:
    # Encoded, as control characters in it could not stand in a page.
    return iri_to_uri(request.full_path).rstrip("?")


def _page_of(endpoint: str) -> str:
    (rule,) = current_app.url_map.iter_rules(endpoint)
    given = request.view_args or {}
    return url_for(endpoint, **{name: given[name] for name in rule.arguments})
