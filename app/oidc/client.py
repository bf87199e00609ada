"""The authorization code flow with PKCE (RFC 7636) at a provider, by Authlib.

Tokens live in memory while they are checked and are returned to whoever asked; nothing keeps them.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from pydantic import SecretStr
from urllib3.exceptions import HTTPError

from app.deadlines import DeadlineAdapter
from app.domain.identity_providers import IdentityProvider, SignedHeader
from app.errors import ProviderRefusal, ProviderRefused
from app.oidc.documents import Documents, Metadata
from app.oidc.exchange import TIMEOUTS_SECONDS, read_body, unreachable
from app.oidc.tokens import Expected, verify_token
from app.oidc.values import FlowSecrets, VerifiedTokens

_NO_ANSWER = (ValueError, TypeError, AttributeError, KeyError, ArithmeticError, RecursionError)
"""What the library stumbles with over an answer that is none of a provider."""


class _BoundedAdapter(DeadlineAdapter):
    """Reads each answer whole, up to the bound of `read_body`."""

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:  # noqa: ANN401 - as the base class
        """Send, and hand the body on as read. Raises ProviderRefused for one above the bound."""
        response = super().send(request, *args, **{**more, "stream": True})
        with closing(response):
            response._content = read_body(response)  # noqa: SLF001 - where requests keeps it
        return response


@dataclass(frozen=True)
class OidcClient:
    """Speaks for the portal. `secrets` holds the client secret of each provider by its key.

    Every method raises ProviderRefused.
    """

    documents: Documents
    secrets: Mapping[str, SecretStr]

    def make_address(
        self, provider: IdentityProvider, flow: FlowSecrets, redirect_uri: str, *, is_afresh: bool
    ) -> str:
        """Where the person goes. `is_afresh`: to prove themselves again, whatever they did before.

        `prompt=login` says the same as `max_age=0` to providers that pass over a zero.
        """
        metadata = self.documents.find_metadata(provider.issuer)
        more = {"max_age": "0", "prompt": "login"} if is_afresh else {}
        if is_afresh and provider.acr_values:
            more["acr_values"] = " ".join(provider.acr_values)
        with closing(self._session(provider, metadata, redirect_uri)) as session:
            address, _ = session.create_authorization_url(
                metadata.authorization_endpoint,
                state=flow.state,
                nonce=flow.nonce,
                code_verifier=flow.verifier,
                **more,
            )
        return str(address)

    def redeem(
        self,
        provider: IdentityProvider,
        flow: FlowSecrets,
        redirect_uri: str,
        code: str,
        now: float,
    ) -> VerifiedTokens:
        """Exchange the code, once, for tokens, and verify the ID token."""
        metadata = self.documents.find_metadata(provider.issuer)
        answer = self._exchange(provider, metadata, flow, redirect_uri, code)
        id_token, access_token = answer.get("id_token"), answer.get("access_token")
        if not isinstance(id_token, str) or not isinstance(access_token, str):
            raise ProviderRefused(ProviderRefusal.BAD_TOKEN)
        expected = Expected(provider.issuer, provider.client_id, flow.nonce, access_token)
        claims = verify_token(
            id_token,
            expected,
            lambda kid: self.documents.find_keys(metadata.jwks_uri, kid),
            now,
        )
        return VerifiedTokens(claims, SecretStr(access_token))

    def verify_assertion(
        self, provider: IdentityProvider, header: SignedHeader, text: str, now: float
    ) -> VerifiedTokens:
        """Who a proxy says came, in a header of this very request.

        It counts until the end that it names: Cloudflare Access signs it once, when the person
        signs in there, and sends the same one until then.
        """
        claims = verify_token(
            text,
            Expected(provider.issuer, provider.client_id),
            lambda kid: self.documents.find_proxy_keys(header.keys, kid),
            now,
        )
        return VerifiedTokens(claims, SecretStr(""))

    def find_sign_out(self, provider: IdentityProvider, return_to: str) -> str | None:
        """Where to sign out there (RP-Initiated Logout 1.0); None if it offers nothing."""
        endpoint = self.documents.find_metadata(provider.issuer).end_session_endpoint
        if endpoint is None:
            return None
        mark = "&" if "?" in endpoint else "?"
        given = {"client_id": provider.client_id, "post_logout_redirect_uri": return_to}
        return f"{endpoint}{mark}{urlencode(given)}"

    def _exchange(
        self,
        provider: IdentityProvider,
        metadata: Metadata,
        flow: FlowSecrets,
        redirect_uri: str,
        code: str,
    ) -> Mapping[str, Any]:
        with closing(self._session(provider, metadata, redirect_uri)) as session:
            try:
                return dict(
                    session.fetch_token(
                        metadata.token_endpoint,
                        code=code,
                        code_verifier=flow.verifier,
                        timeout=TIMEOUTS_SECONDS,
                        allow_redirects=False,
                    )
                )
            except AuthlibBaseError as error:
                raise ProviderRefused(_meaning_of(str(error.error))) from None
            except requests.JSONDecodeError:
                raise ProviderRefused(ProviderRefusal.MISCONFIGURED) from None
            except (OSError, HTTPError) as error:
                raise unreachable(metadata.token_endpoint, error) from None
            except _NO_ANSWER:
                raise ProviderRefused(ProviderRefusal.MISCONFIGURED) from None

    def _session(
        self, provider: IdentityProvider, metadata: Metadata, redirect_uri: str
    ) -> OAuth2Session:
        secret = self.secrets.get(provider.key)
        if secret is None:
            raise ProviderRefused(ProviderRefusal.MISCONFIGURED)
        session = OAuth2Session(
            client_id=provider.client_id,
            client_secret=secret.get_secret_value(),
            scope=" ".join(provider.scopes),
            redirect_uri=redirect_uri,
            token_endpoint_auth_method=(
                "client_secret_basic" if metadata.takes_basic else "client_secret_post"
            ),
            code_challenge_method="S256",
        )
        session.trust_env = False
        for scheme in ("https://", "http://"):
            session.mount(scheme, _BoundedAdapter())
        return session


def _meaning_of(error: str) -> ProviderRefusal:
    """`invalid_client` is the portal's own fault; anything else speaks of this code."""
    wrong_client = {"invalid_client", "unauthorized_client"}
    return ProviderRefusal.MISCONFIGURED if error in wrong_client else ProviderRefusal.BAD_CODE
