"""The use cases of signing in, of programs and of the administrator over their adapters."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from app.clickhouse.login import ClickHouseLogin
from app.services.access.control import ChangeFreeze
from app.services.admin.service import Administration
from app.services.sign_in.account import Account
from app.services.sign_in.api import Callers
from app.services.sign_in.company import CompanySignIn
from app.services.sign_in.company_flows import Flows
from app.services.sign_in.company_roles import CompanyRoles
from app.services.sign_in.proxy import ProxySignIn
from app.services.sign_in.reauthentication import Reauthenticator
from app.services.sign_in.service import SignIn
from app.services.sign_in.throttling.throttle import SignInThrottle
from app.services.sign_in.verifiers.clickhouse import ClickHouseVerifier
from app.services.sign_in.verifiers.endpoints import VerificationEndpoints
from app.services.sign_in.verifiers.local_user import LocalUserVerifier
from app.services.sign_in.verifiers.passwords_off import OwnNamesOnly, PasswordsOff
from app.services.sign_in.verifiers.verification import choose_verifier
from app.services.sign_in.verifiers.waking import WakeRules
from app.services.sign_in.ways_in import WaysIn
from app.services.tokens.service import Tokens
from app.services.tokens.verifier import TOKEN, TokenVerifier
from app.settings import Settings
from app.store.sign_in.company_people import CompanyPeopleStore
from app.wiring.core import Core, now
from app.wiring.shared import Shared

if TYPE_CHECKING:
    from app.oidc.client import OidcClient


@dataclass(frozen=True)
class SignInUses:
    """Who people and programs are, and that they still are."""

    sign_in: SignIn
    reauthenticator: Reauthenticator
    callers: Callers
    account: Account
    tokens: Tokens
    token_verifier: TokenVerifier
    company: CompanySignIn
    proxy: ProxySignIn


def build_sign_in(settings: Settings, core: Core, shared: Shared) -> SignInUses:
    """The use cases over the parts."""
    endpoints = _build_endpoints(core, shared.freeze)
    sign_in, cache = _build_service(core, endpoints), core.credential_cache
    counts_for = timedelta(minutes=settings.sessions.reauthenticate_minutes)
    reauthenticator = Reauthenticator(sign_in, core.verifications, counts_for, now)
    administrator, access = core.administrator, shared.access
    company = _build_company(settings, core, sign_in, endpoints)
    token_verifier = _build_token_verifier(core)
    return SignInUses(
        sign_in,
        reauthenticator,
        Callers(
            core.policy,
            access,
            administrator,
            sign_in,
            cache,
            core.changes,
            token_verifier.identify,
        ),
        Account(core.policy, reauthenticator, core.sessions, cache, core.audit, now),
        Tokens(core.policy, reauthenticator, core.tokens, core.audit, now),
        token_verifier,
        company,
        ProxySignIn(company, company.find_client, settings.assertion_proxies, now),
    )


def _build_token_verifier(core: Core) -> TokenVerifier:
    # A throttle of its own: strange tokens and wrong passwords do not count for one another.
    throttle = SignInThrottle(replace(core.attempts, name=TOKEN))
    return TokenVerifier(
        core.policy,
        core.tokens,
        throttle,
        core.audit,
        core.metrics,
        now,
        _build_ways(core),
    )


def _build_ways(core: Core) -> WaysIn:
    return WaysIn(core.policy, CompanyPeopleStore(core.engine))


def _build_endpoints(core: Core, freeze: ChangeFreeze) -> VerificationEndpoints:
    waking = WakeRules(core.trust, core.attempts)
    return VerificationEndpoints(core.snapshot, freeze, waking, now)


def _build_company(
    settings: Settings, core: Core, sign_in: SignIn, endpoints: VerificationEndpoints
) -> CompanySignIn:
    return CompanySignIn(
        sign_in=sign_in,
        find_client=_client_of(settings),
        flows=Flows(core.attempts),
        people=CompanyPeopleStore(core.engine),
        roles=CompanyRoles(endpoints, ClickHouseLogin()),
        trust=core.trust,
        public_url=settings.public_url,
        now=now,
    )


def _client_of(settings: Settings) -> "Callable[[], OidcClient]":
    """Made at a process's first sign-in by a company: its libraries take 11 MB, which portals
    without one do without."""

    @cache
    def find_client() -> "OidcClient":
        from app.oidc.client import OidcClient  # noqa: PLC0415 - as said
        from app.oidc.documents import Documents  # noqa: PLC0415

        return OidcClient(Documents(), settings.oidc_secrets)

    return find_client


def _build_service(core: Core, endpoints: VerificationEndpoints) -> SignIn:
    return SignIn(
        policy=core.policy,
        verifier_of=choose_verifier(
            clickhouse=OwnNamesOnly(ClickHouseVerifier(endpoints, ClickHouseLogin())),
            local_user=LocalUserVerifier(),
            passwords_off=PasswordsOff(),
        ),
        throttle=SignInThrottle(core.attempts, core.trust),
        names=core.names,
        ways=_build_ways(core),
        sessions=core.sessions,
        verifications=core.verifications,
        audit=core.audit,
        metrics=core.metrics,
        now=now,
    )


def build_administration(core: Core) -> Administration:
    """What the administrator can do."""
    return Administration(
        administrator=core.administrator,
        policy=core.policy,
        # One of its own: people's failures and hanging checks do not keep the administrator out.
        throttle=SignInThrottle(replace(core.attempts, name="administrator"), core.trust),
        names=core.names,
        sessions=core.sessions,
        credential_cache=core.credential_cache,
        freezes=core.freezes,
        audit=core.audit,
        metrics=core.metrics,
        now=now,
    )
