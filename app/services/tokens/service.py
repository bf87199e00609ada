"""Making, listing and revoking personal tokens. No token makes one."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr

from app.domain.access.permissions import Identity, TokenScope
from app.domain.audit.events import Event, EventKind, Result
from app.domain.groups.catalog import GroupDefinition
from app.domain.messages import problem
from app.domain.sessions import session_mark
from app.domain.tokens.request import TokenRequest, parse_token_request
from app.domain.tokens.secret import ALPHABET, RANDOM_CHARACTERS, write_secret
from app.domain.tokens.token import Token, TokenState
from app.errors import BrokenRules, NotAllowed, NotFound, NotPossible
from app.services.access.policy import Policy
from app.services.audit.recorder import AuditRecorder
from app.services.sign_in.reauthentication import Reauthenticator
from app.store.tokens import TokenStore


@dataclass(frozen=True)
class Typed:
    """What somebody typed to make one: the password, and the code of a second factor.

    `session` is the token of the session in which they ask.
    """

    password: SecretStr
    address: str
    session: str
    code: str = ""


@dataclass(frozen=True)
class NewToken:
    """A token just made. `secret` is shown once and kept nowhere."""

    secret: str
    token: Token


@dataclass(frozen=True)
class ListedToken:
    """One token in a list. `state` says whether it can be used; `groups` are names of those in its
    scope that the file still has."""

    token: Token
    state: TokenState
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Tokens:
    """The use cases. Every method raises StoreUnavailable."""

    policy: Policy
    reauthenticator: Reauthenticator
    tokens: TokenStore
    audit: AuditRecorder
    now: Callable[[], datetime]

    def list_groups(self, identity: Identity) -> tuple[GroupDefinition, ...]:
        """The groups that a token of this person can be for."""
        return self.policy.catalog.groups_of(identity)

    def list_own(self, identity: Identity) -> tuple[ListedToken, ...]:
        """The person's tokens, the latest first, with those that were over lately.

        Whoever asks with a token sees this one alone.
        """
        found = self._listed(self.tokens.list_tokens(identity))
        scope = identity.scope
        return tuple(item for item in found if scope is None or item.token.mark == scope.mark)

    def list_all(self) -> tuple[ListedToken, ...]:
        """Everybody's, for the administrator."""
        return self._listed(self.tokens.list_tokens())

    def create(
        self,
        identity: Identity,
        values: Mapping[str, Any],
        typed: Typed,
    ) -> NewToken:
        """Make a token after the password was verified again.

        Raises BrokenRules, SignInRefused, NotYet, NotPossible, NotSignedIn; NotAllowed for
        somebody who comes with a token.
        """
        if identity.scope is not None:
            raise NotAllowed(
                message="A token cannot make another one.", remedy="Sign in to the portal."
            )
        request = self._parse(identity, values, typed.password)
        proven = self._verify(identity, typed)
        secret = _make_secret()
        token = _token(request, proven, session_mark(secret), self.now())
        if not self.tokens.create(secret, token, self._made(proven, token)):
            raise BrokenRules((problem("name", "token_name_taken", name=token.name),))
        return NewToken(secret, token)

    def revoke_own(self, identity: Identity, mark: str) -> None:
        """Revoke one of the person's tokens; with a token only itself. Raises NotFound."""
        event = self._revoked(identity, mark)
        if identity.scope is not None and identity.scope.mark != mark:
            self._refuse(identity, mark)
        if not self.tokens.revoke(mark, self.now(), event, owner=identity):
            self._refuse(identity, mark)

    def revoke_any(self, mark: str, by: Identity) -> None:
        """Revoke anybody's token, for the administrator; one that is over needs nothing more."""
        self.tokens.revoke(mark, self.now(), self._revoked(by, mark))

    def is_password_asked(self, identity: Identity) -> bool:
        """Whether making one asks for the password: whom a provider proves has none here."""
        warehouse = self.policy.catalog.find_warehouse(identity.warehouse)
        return warehouse is None or not warehouse.is_of_company(identity.user)

    def _verify(self, identity: Identity, typed: Typed) -> Identity:
        """The person with the roles of now. Whom a provider proves must have signed in lately."""
        if self.is_password_asked(identity):
            return self.reauthenticator.reauthenticate(
                identity, typed.password, typed.address, typed.session, code=typed.code
            )
        if not self.reauthenticator.is_verification_recent(typed.session):
            raise NotPossible(
                message="You signed in too long ago to make a token.",
                remedy="Sign in again on your account page, then make it.",
            )
        return identity

    def _parse(
        self, identity: Identity, values: Mapping[str, Any], password: SecretStr
    ) -> TokenRequest:
        visible = (group.service_id for group in self.list_groups(identity))
        living = (item for item in self.list_own(identity) if item.state is TokenState.LIVING)
        is_missing = self.is_password_asked(identity) and not password.get_secret_value()
        missing = (problem("password", "password_needed"),) if is_missing else ()
        if values.get("may_confirm") and not self.is_password_asked(identity):
            # A big step is theirs to confirm at the provider, which no token can do.
            missing = (*missing, problem("may_confirm", "token_may_not_confirm"))
        try:
            request = parse_token_request(values, visible, [item.token.name for item in living])
        except BrokenRules as broken:
            raise BrokenRules((*broken.problems, *missing)) from None
        if missing:
            raise BrokenRules(missing)
        return request

    def _listed(self, found: Sequence[Token]) -> tuple[ListedToken, ...]:
        now, catalog = self.now(), self.policy.catalog
        groups = {item.service_id: item.name for item in catalog.all_groups()}
        return tuple(
            ListedToken(
                token,
                token.state_at(now),
                tuple(sorted(groups[key] for key in token.scope.groups if key in groups)),
            )
            for token in found
        )

    def _made(self, proven: Identity, token: Token) -> Event:
        scope = token.scope
        details = {
            "token": token.mark,
            "name": token.name,
            "groups": sorted(scope.groups),
            "permissions": sorted(scope.permissions),
            "may_confirm": scope.may_confirm,
            "expires_at": token.expires_at.isoformat(),
        }
        kind = EventKind.SENSITIVE_CREATE
        return self.audit.event(kind, "make_token", Result.SUCCESS, actor=proven, details=details)

    def _revoked(self, by: Identity, mark: str) -> Event:
        kind, details = EventKind.SENSITIVE_DELETE, {"token": mark[:16]}
        return self.audit.event(kind, "revoke_token", Result.SUCCESS, actor=by, details=details)

    def _refuse(self, identity: Identity, mark: str) -> None:
        refusal = self.audit.event(
            EventKind.MALICIOUS_DIRECT_REFERENCE,
            "revoke_token",
            Result.FAIL,
            actor=identity,
            error=NotFound.code,
            details={"token": mark[:16]},
        )
        self.audit.record_best_effort(refusal)
        raise NotFound


def _make_secret() -> str:
    """From the operating system's generator."""
    return write_secret("".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS)))


def _token(request: TokenRequest, proven: Identity, mark: str, now: datetime) -> Token:
    scope = TokenScope(mark, request.groups, request.permissions, request.may_confirm)
    expires_at = now + timedelta(days=request.days)
    return Token(request.name, proven, scope, now, expires_at, proven_at=now)
