"""The whole application over a Cloud that answers with any JSON, and people who are signed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.cloud.client import CloudClient
from app.cloud.transport.answers import Answer
from app.cloud.transport.retries import CloudHttp
from app.domain.access.permissions import Identity
from app.domain.groups.catalog import Catalog
from app.domain.groups.cost import Price
from app.domain.groups.limits import Limits
from app.http.request_context import SESSION_TOKEN
from app.services.portal import Portal
from app.settings.model import AdminAccess
from app.store.database.engine import upgrade
from tests.support.events import EVENT
from tests.unit.builders import ALICE, make_catalog
from tests.unit.readings import make_due
from tests.unit.services.world import ADMIN_HASH
from tests.unit.web.application import make_settings, wired_application

ORGANIZATION = "/v1/organizations/0a000000-0000-4000-8000-000000000001"


class OddHttp(CloudHttp):
    """Answers every reading with what the tests set, by the last word of its path."""

    def __init__(self) -> None:
        self.results: dict[str, Any] = {}

    def get(self, path: str) -> Answer:
        """What was set; an empty list otherwise."""
        return Answer(self.results.get(urlsplit(path).path.rsplit("/", 1)[-1], []), None)

    def forget_key_rejections(self) -> None:
        """There are none."""


class OddPortal:
    """The application; `ask` renders a page for Alice or the administrator."""

    def __init__(self, app: Flask, http: OddHttp) -> None:
        self.app, self.http = app, http
        self.portal: Portal = app.extensions["portal"]
        root = self.portal.administration.administrator
        assert root is not None
        self.alice = self._client(ALICE)
        self.admin = self._client(root.identity, is_admin=True)

    def _client(self, identity: Identity, *, is_admin: bool = False) -> FlaskClient:
        store, now = self.portal.sign_in.sessions, datetime.now(UTC)
        token = store.create_session(identity, "", now, EVENT, is_admin=is_admin)
        client = self.app.test_client()
        with client.session_transaction() as session:
            session[SESSION_TOKEN] = token
        return client

    def show(self, **results: object) -> None:
        """What Cloud answers from now on."""
        self.http.results = results
        make_due(self.portal.lifecycle.engine)


@contextmanager
def odd_portal(
    folder: Path, patch: pytest.MonkeyPatch, catalog: Catalog | None = None
) -> Iterator[OddPortal]:
    """The application with its tables, and its Cloud replaced."""
    http = OddHttp()
    client = CloudClient(http, ORGANIZATION.rsplit("/", 1)[-1])
    patch.setattr("app.wiring.core._build_client", lambda *_: client)
    price = Price(Decimal("0.3903"), "USD", date(2026, 11, 1))
    settings = replace(
        make_settings(folder),
        admin=AdminAccess("root", ADMIN_HASH),
        catalog=catalog or make_catalog(limits=Limits(price=price, max_cost_per_hour=Decimal(900))),
    )
    with wired_application(folder, settings) as app:
        portal: Portal = app.extensions["portal"]
        upgrade(portal.lifecycle.engine)
        yield OddPortal(app, http)
