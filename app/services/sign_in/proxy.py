"""Signing in by what a proxy in front has signed into a header of the request.

Nothing plain counts, only a token that the proxy's published key verifies, and only from the
addresses that the settings name. The header is read where somebody presses the button, and nowhere
else: it opens a session as any other sign-in does.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import SecretStr

from app.domain.access.addresses import Networks, is_within
from app.domain.access.permissions import Identity
from app.domain.groups.catalog import WarehouseDefinition
from app.domain.identity_providers import IdentityProvider, SignedHeader
from app.errors import ProviderRefusal, ProviderRefused
from app.oidc.values import VerifiedTokens
from app.services.sign_in.company import CompanySignIn
from app.services.sign_in.company_checks import check_same
from app.services.sign_in.company_flows import SIGN_IN, Flow
from app.services.sign_in.company_words import company_refused
from app.services.sign_in.service import SignedIn
from app.services.sign_in.verifiers.verification import Credentials

if TYPE_CHECKING:
    from app.oidc.client import OidcClient

ONE_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*", re.ASCII)
"""A doubled header reaches the portal as two tokens with a comma between."""

log = logging.getLogger("portal.sign_in")


@dataclass(frozen=True)
class Visitor:
    """Somebody's request: `address` is the client's, `peer` that of the connection itself."""

    address: str
    peer: str
    find_header: Callable[[str], str]


@dataclass(frozen=True)
class ProxySignIn:
    """The use cases. Every method raises SignInRefused, NotYet, StoreUnavailable."""

    company: CompanySignIn
    find_client: "Callable[[], OidcClient]"
    networks: Networks
    now: Callable[[], datetime]

    def is_asked(self, warehouse_key: str) -> bool:
        """Whether people of this warehouse come by way of such a proxy."""
        warehouse = self._find_warehouse(warehouse_key)
        return bool(warehouse and warehouse.company and warehouse.company.header)

    def sign_in(self, warehouse_key: str, visitor: Visitor) -> tuple[SignedIn, Identity]:
        """Open a session for whoever the proxy says came."""
        identity, who = self._prove(warehouse_key, visitor)
        return self.company.sign_in.open_session(identity, who), identity

    def renew(self, person: Identity, token: str, visitor: Visitor) -> SignedIn:
        """Go on in a new session, with the roles that the proxy names now."""
        identity, _ = self._prove(person.warehouse, visitor)
        try:
            check_same(person, identity.warehouse, identity.user)
        except ProviderRefused as error:
            raise company_refused(error.refusal, self.company.find_provider(person)) from None
        return self.company.renew(identity, token, visitor.address)

    def _prove(self, warehouse_key: str, visitor: Visitor) -> tuple[Identity, Credentials]:
        warehouse = self._find_warehouse(warehouse_key)
        provider = warehouse.company if warehouse else None
        if warehouse is None or provider is None or provider.header is None:
            raise company_refused(ProviderRefusal.BAD_STATE, None)
        header, flow = provider.header, self._flow(warehouse.key, provider.key)
        who = Credentials(warehouse.key, provider.prefix, SecretStr(""), visitor.address)

        def obtain() -> VerifiedTokens:
            return self._verify(provider, header, visitor)

        return self.company.prove(warehouse, provider, flow, who, None, obtain), who

    def _flow(self, warehouse: str, provider: str) -> Flow:
        return Flow(warehouse, provider, SIGN_IN, self.now().timestamp())

    def _verify(
        self, provider: IdentityProvider, header: SignedHeader, visitor: Visitor
    ) -> VerifiedTokens:
        text = visitor.find_header(header.name)
        if not is_within(visitor.peer, self.networks):
            # Whoever reaches the portal past the proxy may bring a token that they have kept.
            log.warning("%s is none of PORTAL_ASSERTION_PROXIES", visitor.peer)
            raise ProviderRefused(ProviderRefusal.NO_ASSERTION)
        if not text:
            log.warning("the proxy sent no header %s", header.name)
            raise ProviderRefused(ProviderRefusal.NO_ASSERTION)
        if not ONE_TOKEN.fullmatch(text):
            log.warning("the header %s holds something else than one token", header.name)
            raise ProviderRefused(ProviderRefusal.BAD_TOKEN)
        return self.find_client().verify_assertion(provider, header, text, self.now().timestamp())

    def _find_warehouse(self, key: str) -> WarehouseDefinition | None:
        return self.company.sign_in.policy.catalog.find_warehouse(key)
