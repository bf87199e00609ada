"""The access matrix for who comes by the company's sign-in, by a token, or with two sessions."""

from collections.abc import Iterator

import pytest

from app.domain.access.permissions import Permission
from app.sandbox.identity.people import CLIENT_SECRET
from tests.access_faults import everybody, faults_of_channel, person_of, rules_of
from tests.access_matrix import BESIDE, CHANNELS, GROUPS, NARROW, TOKENS, Row, read_ways
from tests.access_portal import AccessPortal, warehouse_of
from tests.api.access_caller import ApiChannel
from tests.pages.access_caller import PageChannel
from tests.support.browser import Browser
from tests.support.openid_provider import RunningProvider, running_provider, sign_in_with
from tests.support.portal import UNTHROTTLED, Config, PortalProcess, running_portal
from tests.support.sandbox import RunningSandbox
from tests.support.tokens import TokenClient, make_token

WAYS = read_ways()
SAMPLES = {
    "acme:erin@sandbox.example-of-analytics-further-by-company",
    "bob-of-analytics-further-by-both",
    "charlie-of-analytics-further-by-wide",
}


def rows_of(*ways: str) -> list[object]:
    """The rows of these ways; all but a sample of each for `make matrix` alone."""
    return [
        pytest.param(row, id=str(row), marks=() if str(row) in SAMPLES else pytest.mark.matrix)
        for row in WAYS
        if row.way in ways
    ]


@pytest.fixture(scope="module")
def acme() -> Iterator[RunningProvider]:
    """The company's sign-in of Analytics."""
    with running_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def ways_portal(
    worker_sandbox: RunningSandbox, acme: RunningProvider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PortalProcess]:
    """A portal that trusts it, whose rules change with the row."""
    with running_portal(
        tmp_path_factory.mktemp("portal"),
        worker_sandbox,
        entry=UNTHROTTLED,
        adapt=acme.configure,
        PORTAL_TRUSTED_PROXIES="1",
        PORTAL_OIDC_CLIENT_SECRETS=f"acme={CLIENT_SECRET}",
    ) as portal:
        acme.know(portal.url)
        yield portal


@pytest.fixture
def access(
    request: pytest.FixtureRequest, ways_portal: PortalProcess, sandbox: RunningSandbox
) -> AccessPortal:
    """The portal before the person of the test's row."""
    return AccessPortal(ways_portal, sandbox, request.getfixturevalue("row"))


def in_force(access: AccessPortal, acme: RunningProvider, *, permission: str = "") -> None:
    """The rules of the row; before, where nobody could come in under them, this for everybody."""

    def write(config: Config) -> None:
        acme.configure(config, roles_from="claim")
        if permission:
            everybody(config, permission)
        else:
            rules_of(access.row, config)

    access.portal.configure(write)


def come_in(access: AccessPortal, acme: RunningProvider) -> Browser:
    """Sign in as the row says, while everybody may look."""
    row, browser = access.row, Browser(access.portal.url)
    in_force(access, acme, permission="view")
    if row.way == "company":
        sign_in_with(browser, acme, row.person.partition(":")[2].partition("@")[0])
        return browser
    (other,) = BESIDE.keys() - {row.warehouse}
    browser.sign_in(access.sandbox.person(BESIDE[other]))
    browser.get(browser.page.link("Sign in to another"))
    person = person_of(row, access.sandbox)
    given = {"warehouse": row.warehouse, "user": person.name, "password": person.password}
    browser.submit("Sign in", given, to="/groups")
    return browser


@pytest.mark.parametrize("row", rows_of("company", "both"))
def test_every_cell_of_the_pages_ends_as_written(
    row: Row, access: AccessPortal, acme: RunningProvider
) -> None:
    # ASVS 8.2.1, 8.2.2, 8.3.1
    browser = come_in(access, acme)
    in_force(access, acme)
    channel = PageChannel(access, browser, browser.page.csrf_token)
    assert row.levels.keys() == GROUPS.keys()
    assert list(faults_of_channel(channel, CHANNELS["pages"])) == []


def fetch_token(access: AccessPortal, acme: RunningProvider) -> str:
    """A token of the row's scope, made while its owner may do everything."""
    row, browser = access.row, Browser(access.portal.url)
    in_force(access, acme, permission="owner")
    access.portal.execute("DELETE FROM tokens")
    person = person_of(row, access.sandbox)
    browser.sign_in(person)
    own = [group for group in GROUPS if warehouse_of(group) == row.warehouse]
    groups, permissions = NARROW if row.way == "narrow" else (own, tuple(Permission))
    more = {"password": person.password}
    more |= {} if row.way == "narrow" else {"may_confirm": "y"}
    ids = [access.service_id(group) for group in groups]
    return make_token(browser, row.person, ids, permissions, **more)


@pytest.mark.parametrize("row", rows_of(*TOKENS))
def test_every_cell_of_the_api_ends_as_written(
    row: Row, access: AccessPortal, acme: RunningProvider
) -> None:
    # ASVS 8.2.1, 8.2.2, 8.3.1
    secret = fetch_token(access, acme)
    in_force(access, acme)
    channel = ApiChannel(access, TokenClient(access.portal, secret))
    assert row.levels.keys() == GROUPS.keys()
    assert list(faults_of_channel(channel, CHANNELS["api"])) == []
