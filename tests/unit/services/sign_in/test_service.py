"""Signing in: where the password is checked, what counts as a guess, and the words for each end."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from app.clickhouse.login import VerifiedUser
from app.domain.access.freeze import Freeze
from app.domain.groups.catalog import Catalog, WarehouseDefinition
from app.domain.groups.cost import Price
from app.domain.groups.group import Endpoint
from app.domain.groups.limits import Limits
from app.domain.groups.states import ServiceState
from app.domain.identity_providers import IdentityProvider, SignInWay
from app.errors import (
    CredentialRefusal,
    CredentialsRefused,
    NoComputeGroups,
    SignInRefused,
    Throttled,
    WakeNeeded,
)
from app.metrics import Metrics
from app.services.access.control import ChangeFreeze
from app.services.sign_in.claimed_names import ClaimedNames
from app.services.sign_in.service import SignedIn, SignIn
from app.services.sign_in.throttling.known_addresses import KnownAddresses
from app.services.sign_in.verifiers.clickhouse import GUESSES, NO_ANSWER, ClickHouseVerifier
from app.services.sign_in.verifiers.endpoints import OLDEST_VIEW_SECONDS, VerificationEndpoints
from app.services.sign_in.verifiers.local_user import LocalUserVerifier
from app.services.sign_in.verifiers.passwords_off import PasswordsOff
from app.services.sign_in.verifiers.refusals import UNKNOWN_SERVICE, refused
from app.services.sign_in.verifiers.verification import Credentials, choose_verifier
from app.services.sign_in.verifiers.waking import WAKES_PER_HOUR, WakeRules
from app.services.sign_in.ways_in import WaysIn
from app.store.freezes import FreezeStore
from app.store.sign_in.company_people import CompanyPeopleStore
from app.store.sign_in.sessions import SessionStore
from app.store.sign_in.verifications import VerificationStore
from app.store.state import StateStore
from tests.support.events import EVENT, RememberedAudit
from tests.unit.builders import (
    ALICE,
    CHARLIE,
    FOREIGN_ID,
    NOW,
    PRIMARY_ID,
    REPORTING_ID,
    VERTICAL,
    SetPolicy,
    changed,
    make_catalog,
    make_definition,
    make_service,
)
from tests.unit.services.fakes import Clock, FakeLogin, FakeSnapshot
from tests.unit.services.throttles import attempts_in, throttle_over

PASSWORD = "correct horse"
ACME = IdentityProvider("acme", "Acme", "https://acme.test", "portal", ("openid",), "email", "g")
S = ServiceState
PRIMARY_URL, REPORTING_URL = "https://11.example.test:8443", "https://12.example.test:8443"


class World:
    """A sign-in over fakes, with the primary and the reporting group in these states."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.clock = clock
        self.snapshot = FakeSnapshot()
        self.audit = RememberedAudit()
        self.login = FakeLogin(PASSWORD, ALICE.roles)
        self.sessions = SessionStore(engine, timedelta(minutes=30), timedelta(hours=8), 5)
        self.freezes, self.state = FreezeStore(engine), StateStore(engine)
        self.sign_in_service_id: str | None = None
        self.catalog: Catalog | None = None
        self.trust = KnownAddresses()
        self.trust.remember(("analytics", "alice"), "198.51.100.99")  # not where she is now
        self.throttle = throttle_over(engine, clock, self.trust)
        self.wake_rules = WakeRules(self.trust, attempts_in(engine, clock))
        self.show(S.RUNNING, S.RUNNING)

    def show(self, primary: ServiceState | None, reporting: ServiceState | None) -> None:
        """What Cloud says; None is a service that it does not list."""
        states = {PRIMARY_ID: primary, REPORTING_ID: reporting}
        services = [make_service(key, state=state) for key, state in states.items() if state]
        self.snapshot.show(*services, taken_at=self.clock())

    @property
    def use_case(self) -> SignIn:
        """What is tested."""
        made = make_catalog(sign_in_service_id=self.sign_in_service_id)
        policy = SetPolicy(self.catalog or made)
        return SignIn(
            policy=policy,
            verifier_of=choose_verifier(
                clickhouse=ClickHouseVerifier(
                    VerificationEndpoints(
                        self.snapshot,
                        ChangeFreeze(policy, self.freezes, self.state),
                        self.wake_rules,
                        self.clock,
                    ),
                    self.login,
                ),
                local_user=LocalUserVerifier(),
                passwords_off=PasswordsOff(),
            ),
            throttle=self.throttle,
            names=ClaimedNames(SecretStr("key"), policy, self.trust, None),
            ways=WaysIn(policy, CompanyPeopleStore(self.sessions.engine)),
            sessions=self.sessions,
            verifications=VerificationStore(self.sessions.engine),
            audit=self.audit,
            metrics=Metrics(),
            now=self.clock,
        )

    def sign_in(
        self,
        user: str = "alice",
        password: str = PASSWORD,
        warehouse: str = "analytics",
        wake: str | None = None,
    ) -> SignedIn:
        """Try it."""
        given = Credentials(warehouse, user, SecretStr(password), "192.0.2.1", wake)
        return self.use_case.sign_in(given)

    def refusal(self, **given: str | None) -> SignInRefused:
        """Try it in vain."""
        with pytest.raises(SignInRefused) as caught:
            self.sign_in(**given)  # type: ignore[arg-type] # by their names
        return caught.value


@pytest.fixture
def world(engine: Engine, clock: Clock) -> World:
    """Both groups run and Alice's password is known."""
    return World(engine, clock)


def test_a_right_password_opens_a_session_with_the_roles_that_clickhouse_enabled(
    world: World,
) -> None:
    signed_in = world.sign_in()
    assert signed_in.identity == ALICE
    resumed = world.use_case.resume(signed_in.token, is_activity=True)
    assert resumed is not None
    assert resumed.identity == ALICE
    world.use_case.sign_out(signed_in.token)
    assert world.use_case.resume(signed_in.token, is_activity=True) is None


@pytest.mark.parametrize(
    ("configured", "primary", "reporting", "url"),
    [
        (None, S.RUNNING, S.RUNNING, PRIMARY_URL),
        (REPORTING_ID, S.RUNNING, S.RUNNING, REPORTING_URL),
        (REPORTING_ID, S.RUNNING, S.IDLE, PRIMARY_URL),
        (PRIMARY_ID, S.IDLE, S.DEGRADED, REPORTING_URL),
        (PRIMARY_ID, S.STOPPED, S.PARTIALLY_RUNNING, REPORTING_URL),
        (PRIMARY_ID, S.AWAKING, S.RUNNING, REPORTING_URL),
        (PRIMARY_ID, None, S.RUNNING, REPORTING_URL),
        (FOREIGN_ID, S.IDLE, S.RUNNING, REPORTING_URL),
        (None, S.IDLE, S.AWAKING, REPORTING_URL),
        (None, S.STOPPED, S.STARTING, REPORTING_URL),
        (None, S.UNKNOWN, S.RUNNING, REPORTING_URL),
    ],
)
def test_the_password_is_checked_where_nothing_is_woken(
    world: World,
    configured: str | None,
    primary: ServiceState | None,
    reporting: ServiceState,
    url: str,
) -> None:
    world.sign_in_service_id = configured
    world.show(primary, reporting)
    world.sign_in()
    chosen = {PRIMARY_URL: primary, REPORTING_URL: reporting}[url]
    assert world.login.asked == [(url, "alice", chosen in {S.AWAKING, S.STARTING})]


@pytest.mark.parametrize("configured", [None, PRIMARY_ID])
def test_an_idle_group_is_not_touched_but_asked_about(world: World, configured: str | None) -> None:
    world.sign_in_service_id = configured
    world.show(S.IDLE, S.STOPPED)
    refusal = world.refusal()
    assert isinstance(refusal, WakeNeeded)
    assert (refusal.service_id, refusal.group_name) == (PRIMARY_ID, "Analytics primary")
    assert "billing" in refusal.remedy
    assert world.login.asked == []


def test_an_idle_group_is_woken_when_the_person_agreed_to_this_one(world: World) -> None:
    world.show(S.STOPPED, S.IDLE)
    world.sign_in(wake=REPORTING_ID)
    assert world.login.asked == [(REPORTING_URL, "alice", True)]


def test_a_name_that_was_never_seen_is_not_asked_and_wakes_nothing(world: World) -> None:
    world.show(S.IDLE, S.IDLE)
    for wake in (None, PRIMARY_ID):
        refusal = world.refusal(user="stranger", wake=wake)
        assert refusal.reason == "nothing_running"
        assert refusal.message == "No compute group is running that could check your password."
        assert "the data team" in refusal.remedy
    assert world.login.asked == []


@pytest.mark.parametrize("states", [(S.IDLE, S.IDLE), (S.IDLE, S.STOPPED)])
def test_status_and_sentence_do_not_tell_whether_a_name_is_known(
    world: World, states: tuple[ServiceState, ServiceState]
) -> None:
    world.show(*states)
    known, unknown = world.refusal(), world.refusal(user="stranger")
    assert isinstance(known, WakeNeeded)
    assert (known.status, known.message) == (unknown.status, unknown.message)
    assert unknown.is_unchecked


@pytest.mark.parametrize("is_frozen", [True, False])
def test_where_none_may_be_woken_there_is_no_difference_at_all(
    world: World, *, is_frozen: bool
) -> None:
    world.show(S.STOPPED, S.IDLE)
    if is_frozen:
        world.freezes.create_freeze(Freeze("", "root", NOW), EVENT)
    else:
        for _ in range(WAKES_PER_HOUR):
            world.sign_in(wake=REPORTING_ID)
    for wake in (None, REPORTING_ID):
        known, unknown = world.refusal(wake=wake), world.refusal(user="stranger", wake=wake)
        assert known.reason in {"changes_closed", "too_many_wakes"}
        assert (known.status, known.reason) == (unknown.status, unknown.reason)
        assert (known.message, known.remedy) == (unknown.message, unknown.remedy)


def test_a_name_that_has_signed_in_before_is_asked(world: World) -> None:
    world.trust.remember(("analytics", "norah"), "192.0.2.1")
    world.show(S.IDLE, S.IDLE)
    assert isinstance(world.refusal(user="norah"), WakeNeeded)


def test_the_cheapest_idle_group_is_offered_with_its_price(world: World) -> None:
    price = Price(Decimal("0.40"), "USD", NOW.date())
    world.catalog = make_catalog(limits=Limits(price=price))
    small = changed(VERTICAL, min_memory_gb=8, max_memory_gb=8)  # 24 GB in all
    idle = {"state": S.IDLE}
    world.snapshot.show(
        make_service(**idle), make_service(REPORTING_ID, configured=small, **idle), taken_at=NOW
    )
    refusal = world.refusal()
    assert isinstance(refusal, WakeNeeded)
    assert refusal.service_id == REPORTING_ID
    assert (refusal.cost_per_hour, refusal.currency) == (Decimal("1.20"), "USD")


def test_a_warehouse_is_woken_six_times_an_hour_at_most(world: World) -> None:
    world.show(S.STOPPED, S.IDLE)
    for _ in range(WAKES_PER_HOUR):
        world.sign_in(wake=REPORTING_ID)
    for wake in (REPORTING_ID, None):
        refusal = world.refusal(wake=wake)
        assert refusal.reason == "too_many_wakes"
        assert "6 times in the last hour" in refusal.message
    assert len(world.login.asked) == WAKES_PER_HOUR == 6


def test_only_the_group_that_was_offered_is_woken(world: World) -> None:
    world.show(S.IDLE, S.IDLE)
    assert isinstance(world.refusal(wake=REPORTING_ID), WakeNeeded)
    assert world.login.asked == []


@pytest.mark.parametrize("wake", [FOREIGN_ID, "", "x", PRIMARY_ID])
def test_agreeing_to_wake_something_else_wakes_nothing(world: World, wake: str) -> None:
    world.show(S.STOPPED, S.IDLE)
    assert isinstance(world.refusal(wake=wake), WakeNeeded)
    assert world.login.asked == []


def test_agreeing_to_wake_wakes_nothing_if_another_group_runs_by_then(world: World) -> None:
    world.show(S.RUNNING, S.IDLE)
    world.sign_in(wake=REPORTING_ID)
    assert world.login.asked == [(PRIMARY_URL, "alice", False)]


@pytest.mark.parametrize("state", [S.STOPPED, S.STOPPING, S.FAILED, S.TERMINATED, S.UNKNOWN, None])
def test_with_nothing_that_could_answer_the_person_is_told_whom_to_ask(
    world: World, state: ServiceState | None
) -> None:
    world.show(state, state)
    refusal = world.refusal()
    assert refusal.reason == "nothing_running"
    assert "the data team" in refusal.remedy
    assert world.login.asked == []


def endpoint_of(service_id: str) -> str:
    """Where a group's passwords are checked."""
    endpoint = make_service(service_id).https_endpoint
    assert endpoint is not None
    return endpoint.base_url


@pytest.mark.parametrize("silence", sorted(NO_ANSWER))
def test_where_one_service_does_not_answer_the_next_running_one_is_asked(
    world: World, silence: CredentialRefusal
) -> None:
    first, second = endpoint_of(PRIMARY_ID), endpoint_of(REPORTING_ID)
    world.login.refusals = {first: silence}
    assert world.sign_in().identity.user == "alice"
    assert [url for url, *_ in world.login.asked] == [first, second]


def test_no_password_goes_to_more_than_two_services(world: World) -> None:
    ids = [f"0c000000-0000-4000-8000-00000000009{number}" for number in range(5)]
    groups = tuple(make_definition(key, key) for key in ids)
    world.catalog = Catalog((WarehouseDefinition("analytics", "Analytics", groups),))
    world.snapshot.show(*(make_service(key) for key in ids), taken_at=NOW)
    world.login.refusal = CredentialRefusal.UNREACHABLE
    assert world.refusal().reason is CredentialRefusal.UNREACHABLE
    assert [url for url, *_ in world.login.asked] == [endpoint_of(key) for key in ids[:2]]


@pytest.mark.parametrize("answer", sorted(set(CredentialRefusal) - NO_ANSWER))
def test_any_answer_counts_so_that_a_password_is_looked_at_once(
    world: World, answer: CredentialRefusal
) -> None:
    world.login.refusals = {endpoint_of(PRIMARY_ID): answer}
    assert world.refusal().reason is answer
    assert len(world.login.asked) == 1


def test_a_service_that_comes_up_is_not_asked_after_a_silent_one(world: World) -> None:
    world.show(S.RUNNING, S.STARTING)
    world.login.refusal = CredentialRefusal.UNREACHABLE
    assert world.refusal().reason is CredentialRefusal.UNREACHABLE
    assert len(world.login.asked) == 1


def test_the_guess_at_the_second_service_counts_as_one(world: World) -> None:
    world.login.refusals = {endpoint_of(PRIMARY_ID): CredentialRefusal.UNREACHABLE}
    refusal = world.refusal(password="wrong")
    assert (refusal.reason, refusal.is_guess) == (CredentialRefusal.WRONG_CREDENTIALS, True)


def test_a_service_without_an_https_endpoint_cannot_check_a_password(world: World) -> None:
    native = (Endpoint("nativesecure", "a.test", 9440),)
    world.snapshot.show(make_service(endpoints=native), taken_at=NOW)
    assert world.refusal().reason == "nothing_running"


@pytest.mark.parametrize(
    ("age_seconds", "is_used"),
    [(0, True), (OLDEST_VIEW_SECONDS, True), (301, False), (-60, True), (-61, False)],
)
def test_a_view_that_is_too_old_or_of_time_to_come_touches_nothing(
    world: World, age_seconds: int, is_used: bool
) -> None:
    world.clock.advance(age_seconds)
    if is_used:
        world.sign_in()
        return
    assert world.refusal().reason == "cloud_unreachable"
    assert world.login.asked == []


def test_without_any_view_nothing_is_touched(world: World) -> None:
    world.snapshot.show(taken_at=None)
    assert world.refusal().reason == "cloud_unreachable"


# ASVS 6.3.8
def test_an_unknown_warehouse_is_refused_in_the_words_of_a_wrong_password(world: World) -> None:
    wrong = world.refusal(password="wrong")
    unknown = world.refusal(warehouse="nowhere")
    shown = (unknown.message, unknown.remedy, unknown.status)
    assert shown == (wrong.message, wrong.remedy, wrong.status)
    assert unknown.reason == UNKNOWN_SERVICE  # for the audit log


def with_ways(*ways: SignInWay) -> Catalog:
    """Analytics, and beside it others over the same groups, whose people sign in so."""
    made = make_catalog()
    first = replace(made.warehouses[0], provider=ACME)
    keys = ("analytics", "other", "third")
    warehouses = (
        replace(first, key=key, sign_in=way) for key, way in zip(keys, ways, strict=False)
    )
    return replace(made, warehouses=tuple(warehouses))


# ASVS 6.3.8
def test_an_unknown_warehouse_is_refused_as_the_first_that_takes_passwords(world: World) -> None:
    world.catalog = with_ways(SignInWay.OIDC, SignInWay.PASSWORD)
    wrong = world.refusal(warehouse="other", password="wrong")
    unknown = world.refusal(warehouse="?", password="wrong")
    assert (wrong.reason, unknown.reason) == ("wrong_credentials", UNKNOWN_SERVICE)
    shown = (unknown.message, unknown.remedy, unknown.status)
    assert shown == (wrong.message, wrong.remedy, wrong.status)
    world.show(S.IDLE, S.IDLE)
    wrong, unknown = (world.refusal(user="x", warehouse=key) for key in ("other", "?"))
    assert wrong.reason == unknown.reason == "nothing_running"


def test_where_no_warehouse_takes_passwords_an_unknown_one_takes_none_either(world: World) -> None:
    world.catalog = with_ways(SignInWay.OIDC, SignInWay.OIDC)
    known, unknown = (world.refusal(warehouse=key) for key in ("other", "?"))
    assert known.reason == unknown.reason == CredentialRefusal.PASSWORDS_OFF
    assert (known.message, known.status) == (unknown.message, unknown.status)
    assert world.login.asked == []


def test_a_known_person_without_any_group_is_told_so_and_gets_no_session(
    world: World, engine: Engine
) -> None:
    world.login.roles = CHARLIE.roles
    refusal = world.refusal(user="charlie")
    assert isinstance(refusal, NoComputeGroups)
    assert "charlie" in refusal.message
    assert "the data team" in refusal.remedy
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sessions").scalar() == 0


@pytest.mark.parametrize("refusal", CredentialRefusal)
def test_every_outcome_of_the_check_has_words_of_its_own(
    world: World, refusal: CredentialRefusal
) -> None:
    world.login.refusal = refusal
    told = world.refusal()
    assert told.reason == refusal.value
    assert told.message.endswith(".")
    assert told.remedy.endswith(".")
    others = [refused(item).message for item in CredentialRefusal if item is not refusal]
    assert told.message not in others
    assert told.__cause__ is None


@pytest.mark.parametrize("refusal", CredentialRefusal)
def test_only_what_clickhouse_looked_at_counts_as_a_guess(
    world: World, refusal: CredentialRefusal
) -> None:
    world.login.refusal = refusal
    is_guess = refusal in GUESSES
    for _ in range(5):
        world.refusal()
    world.login.refusal = None
    if not is_guess:
        world.sign_in()
        return
    with pytest.raises(Throttled):
        world.sign_in()
    assert len(world.login.asked) == 5  # turned away before the password left the portal


def test_being_asked_whether_to_wake_is_no_guess(world: World) -> None:
    world.show(S.IDLE, S.IDLE)
    for _ in range(10):
        world.refusal()
    world.sign_in(wake=PRIMARY_ID)


def test_an_error_that_the_portal_does_not_know_is_named_with_its_code(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise CredentialsRefused(CredentialRefusal.UNKNOWN_ERROR, 999)

    monkeypatch.setattr(world.login, "verify", fail)
    refusal = world.refusal()
    known = "ClickHouse answered with an error that the portal does not know (code 999)."
    assert refusal.message == known
    assert "again" not in refusal.remedy


@pytest.mark.parametrize(("version", "left"), [("26.9", frozenset[str]()), (None, ALICE.roles)])
def test_roles_that_a_verification_does_not_bring_are_taken_away_unless_they_are_not_known(
    world: World, version: str | None, left: frozenset[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    token = world.sign_in().token
    none = VerifiedUser("alice", frozenset(), version)
    monkeypatch.setattr(world.login, "verify", lambda **_: none)
    world.use_case.prove(Credentials("analytics", "alice", SecretStr(PASSWORD), "192.0.2.1"))
    session = world.use_case.resume(token, is_activity=False)
    assert session is not None
    assert session.identity.roles == left


# ASVS 14.2.1
def test_the_password_is_in_nothing_that_credentials_show() -> None:
    given = Credentials("analytics", "alice", SecretStr(PASSWORD), "192.0.2.1")
    assert PASSWORD not in f"{given} {given!r}"
