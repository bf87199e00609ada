"""Who comes with a personal token: its owner, within its scope, as long as both still count."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NoReturn

from pydantic import SecretStr

from app.context import name_session
from app.domain.access.addresses import block_of
from app.domain.access.permissions import Identity
from app.domain.audit.events import NOBODY, Actor, EventKind, Result
from app.domain.tokens.secret import is_well_formed
from app.domain.tokens.token import ROLES_COUNT_FOR, Token, TokenState
from app.errors import SignInRefused, Throttled
from app.metrics import Metrics
from app.services.access.policy import Policy
from app.services.audit.recorder import AuditRecorder
from app.services.sign_in.outcomes import HELD_BACK, OK, counted
from app.services.sign_in.throttling.throttle import SignInThrottle
from app.services.sign_in.ways_in import WaysIn
from app.store.tokens import TokenStore

TOKEN = "token"  # noqa: S105 - a name
"""The way in, as metrics and the audit log name it."""


class TokenRefusal(StrEnum):
    """Why a token was refused."""

    UNKNOWN = "token_unknown"
    EXPIRED = "token_expired"
    REVOKED = "token_revoked"
    WITHOUT_RIGHTS = "token_without_rights"


MAKE_ANOTHER = "Make another one on your account page in the portal."
WHERE_ROLES_COUNT = (
    "Where a role gives the right, sign in to the portal: roles count for "
    f"{ROLES_COUNT_FOR.days} days after they were read."
)
_WORDS = {
    TokenRefusal.UNKNOWN: (
        "There is no such token.",
        f"Look whether all of it was sent. {MAKE_ANOTHER}",
    ),
    TokenRefusal.EXPIRED: ("This token has expired.", MAKE_ANOTHER),
    TokenRefusal.REVOKED: ("This token was revoked.", MAKE_ANOTHER),
    TokenRefusal.WITHOUT_RIGHTS: (
        "The owner of this token may see none of its compute groups now.",
        WHERE_ROLES_COUNT,
    ),
}


@dataclass(frozen=True)
class TokenVerifier:
    """Proves the holders of tokens. `throttle` counts those that no token is like, by address."""

    policy: Policy
    tokens: TokenStore
    throttle: SignInThrottle
    audit: AuditRecorder
    metrics: Metrics
    now: Callable[[], datetime]
    ways: WaysIn

    def identify(self, secret: SecretStr, address: str) -> Identity:
        """The owner, within the scope of the token. Text that cannot be a token costs no query.

        Notes the use, and from then on the request is this token's in the audit log. Raises
        SignInRefused, Throttled, PortalBusy, StoreUnavailable.
        """
        with counted(self.metrics, TOKEN):
            text = secret.get_secret_value()
            if not is_well_formed(text):
                raise refused(TokenRefusal.UNKNOWN)
            token = self.tokens.find(text)
            if token is None:
                self._refuse_unknown(address)
            return self._admit(token)

    def check_again(self, identity: Identity) -> None:
        """At the last moment before something is done: whoever comes with a token still may.

        It may have been revoked since the request began. Raises SignInRefused, StoreUnavailable.
        """
        if identity.scope is None:
            return
        token = self.tokens.find_by_mark(identity.scope.mark)
        if token is None:
            raise refused(TokenRefusal.UNKNOWN)
        self._find_owner(token, self.now())

    def _admit(self, token: Token) -> Identity:
        name_session(token.mark)
        now = self.now()
        identity = self._find_owner(token, now)
        used = self.audit.event(
            EventKind.LOGIN_SUCCESS,
            "use_token",
            Result.SUCCESS,
            actor=identity,
            details={"token": token.name},
        )
        self.tokens.note_use(token, now, used)
        return self._without_confirming(identity)

    def _without_confirming(self, identity: Identity) -> Identity:
        """Whom a company's sign-in proves confirms there alone, whatever the token's scope says."""
        warehouse = self.policy.catalog.find_warehouse(identity.warehouse)
        if (
            identity.scope is None
            or warehouse is None
            or not warehouse.is_of_company(identity.user)
        ):
            return identity
        return replace(identity, scope=replace(identity.scope, may_confirm=False))

    def _find_owner(self, token: Token, now: datetime) -> Identity:
        identity = token.identity_at(now)
        if refusal := self._judge(token, identity, now):
            self._note(identity, refusal)
            raise refused(refusal)
        return identity

    def _judge(self, token: Token, identity: Identity, now: datetime) -> TokenRefusal | None:
        state = token.state_at(now)
        if state is TokenState.REVOKED:
            return TokenRefusal.REVOKED
        if state is TokenState.EXPIRED:
            return TokenRefusal.EXPIRED
        return None if self._has_rights(identity) else TokenRefusal.WITHOUT_RIGHTS

    def _has_rights(self, identity: Identity) -> bool:
        return self.ways.is_open_to(identity) and bool(self.policy.catalog.groups_of(identity))

    def _refuse_unknown(self, address: str) -> NoReturn:
        """Counted by address block alone, so that nobody's strange token keeps others waiting."""
        block = block_of(address)
        try:
            with self.throttle.attempt((TOKEN, block), address):
                raise refused(TokenRefusal.UNKNOWN)
        except SignInRefused:
            self._note(NOBODY, TokenRefusal.UNKNOWN)
            raise
        except Throttled as throttled:
            self._note(NOBODY, throttled.code, EventKind.LOGIN_FAIL_MAX)
            raise

    def _note(
        self, who: Identity | Actor, error: str, kind: EventKind = EventKind.LOGIN_FAIL
    ) -> None:
        refusal = self.audit.event(kind, "use_token", Result.FAIL, actor=who, error=error)
        self.audit.record_best_effort(refusal)


def begin_token_counts(metrics: Metrics) -> None:
    """Count each outcome from 0."""
    outcomes = {OK, *HELD_BACK, *(refusal.value for refusal in TokenRefusal)}
    metrics.begin_sign_ins(TOKEN, sorted(outcomes))


def refused(refusal: TokenRefusal) -> SignInRefused:
    """What to raise."""
    message, remedy = _WORDS[refusal]
    return SignInRefused(reason=refusal, message=message, remedy=remedy)
