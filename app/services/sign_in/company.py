"""Signing in by the company's own sign-in, and proving oneself again there."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import SecretStr

from app.domain.access.addresses import block_of
from app.domain.access.permissions import Identity
from app.domain.audit.events import EventKind, Result
from app.domain.groups.catalog import WarehouseDefinition
from app.domain.identity_providers import IdentityProvider
from app.errors import (
    NotSignedIn,
    NotYet,
    ProviderRefusal,
    ProviderRefused,
    SignInRefused,
    StoreUnavailable,
)
from app.oidc.values import VerifiedTokens
from app.services.sign_in.company_checks import check_fresh, check_same, read_code
from app.services.sign_in.company_flows import (
    PROVE_AGAIN,
    SIGN_IN,
    Begun,
    Finished,
    Flow,
    Flows,
    read_flow,
)
from app.services.sign_in.company_roles import CompanyRoles, read_name
from app.services.sign_in.company_words import NOT_GUESSES, company_refused
from app.services.sign_in.outcomes import COMPANY, counted
from app.services.sign_in.service import SignedIn, SignIn, proven_event
from app.services.sign_in.throttling.known_addresses import KnownAddresses
from app.services.sign_in.throttling.throttle import Attempt
from app.services.sign_in.verifiers.verification import Credentials
from app.store.sign_in.company_people import CompanyPeopleStore

if TYPE_CHECKING:
    from app.oidc.client import OidcClient

CALLBACK = "/sign-in/company/callback"
"""The one address to which a provider may send people back."""


@dataclass(frozen=True)
class CompanySignIn:
    """The use cases. Every method raises SignInRefused, NotYet, StoreUnavailable."""

    sign_in: SignIn
    find_client: "Callable[[], OidcClient]"
    flows: Flows
    people: CompanyPeopleStore
    roles: CompanyRoles
    trust: KnownAddresses
    public_url: str
    now: Callable[[], datetime]

    @property
    def callback(self) -> str:
        """Where providers send people back to, as registered there."""
        return f"{self.public_url}{CALLBACK}"

    def list_warehouses(self) -> tuple[WarehouseDefinition, ...]:
        """Where people can sign in so."""
        return tuple(item for item in self.sign_in.list_warehouses() if item.company)

    def find_provider(self, identity: Identity | None) -> IdentityProvider | None:
        """The provider that has proven this person; None for users with passwords."""
        warehouse = self._find_warehouse(identity.warehouse) if identity else None
        if identity is None or warehouse is None or not warehouse.is_of_company(identity.user):
            return None
        return warehouse.provider

    def begin(self, warehouse_key: str, *, target: str, wake: str = "") -> Begun:
        """Send somebody to sign in at the provider of a warehouse."""
        warehouse = self._find_warehouse(warehouse_key)
        if warehouse is None or warehouse.company is None or warehouse.company.header:
            raise company_refused(ProviderRefusal.BAD_STATE, None)
        return self._begin(warehouse.company, warehouse.key, SIGN_IN, target=target, wake=wake)

    def begin_again(self, identity: Identity, *, target: str, draft: str = "") -> Begun:
        """Send somebody to prove themselves again, for a draft or for their roles."""
        provider = self.find_provider(identity)
        if provider is None:
            raise company_refused(ProviderRefusal.BAD_STATE, None)
        if provider.header:
            raise company_refused(ProviderRefusal.CANNOT_ASK, provider)
        return self._begin(provider, identity.warehouse, PROVE_AGAIN, target=target, draft=draft)

    def finish(
        self,
        kept: object,
        answer: Mapping[str, str],
        address: str,
        *,
        person: Identity | None,
        token: str,
    ) -> Finished:
        """Take what the provider says of somebody. `person` is who is signed in, with `token`."""
        try:
            flow = self.flows.take(kept, answer.get("state", ""), self.now())
        except ProviderRefused as error:
            raise company_refused(error.refusal, None) from None
        warehouse = self._find_warehouse(flow.warehouse)
        provider = warehouse.company if warehouse else None
        if warehouse is None or provider is None or provider.key != flow.provider:
            raise company_refused(ProviderRefusal.BAD_STATE, provider)
        if flow.is_afresh and person is None:
            raise NotSignedIn(message="Your session has ended.", remedy="Sign in again.")
        who = Credentials(
            warehouse.key, provider.prefix, SecretStr(""), address, flow.wake or None, flow.purpose
        )
        identity = self.prove(
            warehouse, provider, flow, who, person, lambda: self._redeem(provider, flow, answer)
        )
        if flow.draft:
            self.sign_in.verifications.note_verification(token, self.now())
            return Finished(flow, identity, None)
        if flow.is_afresh:
            return Finished(flow, identity, self.renew(identity, token, address))
        return Finished(flow, identity, self.sign_in.open_session(identity, who))

    def find_address(self, kept: object) -> str:
        """Where the flow that a browser keeps leads to."""
        try:
            flow = read_flow(kept)
        except ProviderRefused as error:
            raise company_refused(error.refusal, None) from None
        provider = self.find_listed(flow.provider)
        if provider is None:
            raise company_refused(ProviderRefusal.BAD_STATE, None)
        return self._make_address(flow, provider)

    def find_listed(self, key: str) -> IdentityProvider | None:
        """The provider of this key, as long as some warehouse trusts it."""
        listed = (item.company for item in self.list_warehouses())
        return next((item for item in listed if item and item.key == key), None)

    def list_of(self, keys: Collection[str]) -> tuple[IdentityProvider, ...]:
        """The same for several, each once, in the order of the file."""
        listed = (item.company for item in self.list_warehouses())
        found = {item.key: item for item in listed if item and item.key in keys}
        return tuple(found.values())

    def find_sign_out(self, key: str) -> str | None:
        """Where one signs out at this provider, if it offers that and answers."""
        provider = self.find_listed(key)
        try:
            home = f"{self.public_url}/sign-in"
            if provider is None or provider.header:
                return None
            return self.find_client().find_sign_out(provider, home)
        except ProviderRefused:
            return None

    def _begin(
        self, provider: IdentityProvider, warehouse: str, purpose: str, **more: str
    ) -> Begun:
        flow = Flow(warehouse, provider.key, purpose, self.now().timestamp(), **more)
        self._make_address(flow, provider)  # now, so that a provider that is away is told here
        return Begun(flow, provider)

    def _make_address(self, flow: Flow, provider: IdentityProvider) -> str:
        try:
            return self.find_client().make_address(
                provider, flow.secrets, self.callback, is_afresh=flow.is_afresh
            )
        except ProviderRefused as error:
            self.sign_in.metrics.count_sign_in(COMPANY, error.refusal)
            raise company_refused(error.refusal, provider) from None

    def prove(
        self,
        warehouse: WarehouseDefinition,
        provider: IdentityProvider,
        flow: Flow,
        who: Credentials,
        person: Identity | None,
        obtain: Callable[[], VerifiedTokens],
    ) -> Identity:
        """Whoever the tokens are of that `obtain` verifies, throttled and noted.

        `obtain` raises ProviderRefused.
        """
        # Nobody has a name yet, so that failures count for the address alone.
        account = (warehouse.key, f"{provider.prefix}{who.address}")
        try:
            with (
                counted(self.sign_in.metrics, COMPANY),
                self.sign_in.throttle.attempt(account, who.address) as attempt,
            ):
                try:
                    identity = self._identify(warehouse, provider, obtain(), flow, person)
                except ProviderRefused as error:
                    if error.refusal in NOT_GUESSES:
                        attempt.discount()
                    raise company_refused(error.refusal, provider) from None
                except (SignInRefused, StoreUnavailable):
                    attempt.discount()
                    raise
                attempt.succeed()
        except (SignInRefused, NotYet) as refusal:
            reason = refusal.reason if isinstance(refusal, SignInRefused) else refusal.code
            self.sign_in.note_refusal(EventKind.LOGIN_FAIL, who, str(reason))
            raise
        self._note_proven(identity, who, attempt)
        return identity

    def _redeem(
        self, provider: IdentityProvider, flow: Flow, answer: Mapping[str, str]
    ) -> VerifiedTokens:
        code, now = read_code(answer, provider), self.now().timestamp()
        return self.find_client().redeem(provider, flow.secrets, self.callback, code, now)

    def _identify(
        self,
        warehouse: WarehouseDefinition,
        provider: IdentityProvider,
        tokens: VerifiedTokens,
        flow: Flow,
        person: Identity | None,
    ) -> Identity:
        if flow.is_afresh:
            check_fresh(tokens, flow, provider)
        wanted = read_name(tokens.claims, provider)
        subject = str(tokens.claims["sub"])
        user = self.people.name_of(provider.issuer, subject, wanted, self.now())
        if not user.startswith(provider.prefix):  # named when the provider had another key
            raise ProviderRefused(ProviderRefusal.NO_NAME)
        if flow.is_afresh:
            check_same(person, warehouse.key, user)
        roles = self.roles.find(warehouse, user, tokens, flow.wake or None)
        return Identity(warehouse.key, user, roles)

    def _note_proven(self, identity: Identity, who: Credentials, attempt: Attempt) -> None:
        audit = self.sign_in.audit
        audit.record(proven_event(audit, identity, who.purpose, attempt))
        self.trust.remember((identity.warehouse, identity.user), block_of(who.address))
        lost = audit.event(
            EventKind.SESSION_RENEWED, "take_roles_away", Result.SUCCESS, actor=identity
        )
        self.sign_in.verifications.take_roles_away(identity, lost)
        self.sign_in.verifications.note_roles(identity, self.now())

    def renew(self, identity: Identity, token: str, address: str) -> SignedIn:
        """Go on in a new session, with the roles of this moment."""
        event = self.sign_in.audit.event(
            EventKind.SESSION_RENEWED, "refresh_roles", Result.SUCCESS, actor=identity
        )
        sessions = self.sign_in.sessions
        renewed = sessions.replace_session(token, identity, address, self.now(), event)
        if renewed is None:
            raise NotSignedIn(message="Your session has ended.", remedy="Sign in again.")
        return SignedIn(renewed, identity)

    def _find_warehouse(self, key: str) -> WarehouseDefinition | None:
        return self.sign_in.policy.catalog.find_warehouse(key)
