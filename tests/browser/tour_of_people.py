"""The states of what is a person's own, and of the ways to sign in: activity, help, tokens, two
warehouses at once, and a company's sign-in beside passwords and instead of them."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.pages.people import REPORTING, confirm, draft
from tests.support.browser import Browser
from tests.support.portal import Config, running_portal
from tests.support.sandbox import RunningSandbox

FORM = {"name": "nightly import", "permission_view": "y"}
CLIENT = {
    "name": "Acme",
    "issuer": "https://login.example.com",
    "client_id": "compute-group-portal",
    "scopes": ["openid", "email", "roles"],
}
"""The pages of the sign-in ask it for nothing."""


def activity(alice: Browser, sandbox: RunningSandbox) -> Iterator[str]:
    """Alice's browser stands at each state that is named, as in all of these."""
    alice.get("/activity")
    yield "activity-empty"
    draft(alice, sandbox, max_memory_gb="64", reason="Month end")
    confirm(alice)
    alice.get("/activity")
    yield "activity"
    alice.get("/activity?action=scale&outcome=done&days=7")
    yield "activity-filtered"
    alice.get("/activity?user=nobody")
    yield "activity-none-found"
    alice.get("/activity?from=yesterday", status=422)
    yield "activity-errors"
    alice.get("/help")
    yield "help"


def tokens(alice: Browser, sandbox: RunningSandbox) -> Iterator[str]:
    """From none to one that was shown once."""
    group = sandbox.service_id(REPORTING).replace("-", "_")
    alice.get("/account/tokens/new")
    yield "token-form"
    alice.submit("Make token", status=422)
    yield "token-form-errors"
    alice.submit(
        "Make token", FORM | {f"group_{group}": "y", "password": sandbox.person("alice").password}
    )
    yield "token-shown-once"
    alice.get("/account")
    yield "account-with-tokens"


def two_warehouses(both: Browser, sandbox: RunningSandbox) -> Iterator[str]:
    """Somebody who has signed in to Analytics, and then to Marketing too."""
    dana = sandbox.person("dana")
    both.sign_in(sandbox.person("alice"))
    both.get(both.page.link("Sign in to another"))
    yield "sign-in-to-another"
    given = {"warehouse": dana.warehouse, "user": dana.name, "password": dana.password}
    both.submit("Sign in", given, to="/groups")
    yield "groups-of-two-warehouses"


def company(sandbox: RunningSandbox) -> Iterator[tuple[str, Browser]]:
    """The sign-in of two small portals: each state, and the browser that stands there."""
    ways = {"sign-in-with-company-or-password": "both", "sign-in-with-company-only": "oidc"}
    for name, way in ways.items():
        with (
            tempfile.TemporaryDirectory() as folder,
            running_portal(
                Path(folder),
                sandbox,
                adapt=lambda config, way=way: _trust(config, way),  # bound at once
                PORTAL_OIDC_CLIENT_SECRETS="acme=a-secret-of-no-provider",
                PORTAL_WORKER="apart",
            ) as portal,
        ):
            stranger = Browser(portal.url)
            stranger.get("/sign-in")
            yield name, stranger


def _trust(config: Config, way: str) -> None:
    config["identity_providers"] = {"acme": CLIENT}
    kept = config["warehouses"] if way == "both" else config["warehouses"][:1]
    kept[0].update({"sign_in": way, "identity_provider": "acme"})
    config["warehouses"] = kept
