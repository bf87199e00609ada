"""One trip of a browser to the company's sign-in and back: what it must bring home.

The browser keeps a `Flow` in its signed cookie, and nothing of it is stored here. State, nonce and
PKCE's verifier are made of the flow's secret, so that an answer counts in the browser alone that
asked; and a flow counts once, whichever process it comes back to.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass, field
from datetime import datetime

from pydantic import BaseModel, ConfigDict, ValidationError

from app.domain.access.permissions import Identity
from app.domain.clock import is_within
from app.domain.identity_providers import IdentityProvider
from app.errors import ProviderRefusal, ProviderRefused
from app.oidc.values import FlowSecrets
from app.services.sign_in.service import SignedIn
from app.store.sign_in.records import Attempts, Key, Kind
from app.store.sign_in.throttle import SignInThrottleStore

FLOW_SECONDS = 600
"""How long somebody may take at the provider."""

SIGN_IN, PROVE_AGAIN = "sign_in", "reauthenticate"


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    secret: str
    warehouse: str
    provider: str
    purpose: str
    target: str
    draft: str
    wake: str
    began_at: float


@dataclass(frozen=True)
class Flow:
    """What one trip is for. `target` is where the person wants to go afterwards.

    `draft` is the reference of the draft that a repeated proof is for, empty for none; `wake` the
    idle service that the person agreed to wake.
    """

    warehouse: str
    provider: str
    purpose: str
    began_at: float
    target: str = ""
    draft: str = ""
    wake: str = ""
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def is_afresh(self) -> bool:
        """Whether the person has to prove themselves again, whatever they did before."""
        return self.purpose == PROVE_AGAIN

    @property
    def secrets(self) -> FlowSecrets:
        """What is sent and expected back."""
        return FlowSecrets(self._derive("state"), self._derive("nonce"), self._derive("verifier"))

    def to_cookie(self) -> dict[str, object]:
        """For the browser to keep."""
        return asdict(self)

    def _derive(self, label: str) -> str:
        made = hmac.new(self.secret.encode(), label.encode(), hashlib.sha256).digest()
        return urlsafe_b64encode(made).rstrip(b"=").decode()


@dataclass(frozen=True)
class Begun:
    """A flow for the browser to keep, and the provider to which it leads."""

    flow: Flow
    provider: IdentityProvider


@dataclass(frozen=True)
class Finished:
    """How a flow ended: with a new session, or with the same person proven again."""

    flow: Flow
    identity: Identity
    signed_in: SignedIn | None


@dataclass(frozen=True)
class Flows:
    """Which flows are under way, and which are over. `store` counts them for all processes."""

    store: SignInThrottleStore

    def take(self, kept: object, state: str, now: datetime) -> Flow:
        """The flow that a browser has kept, once. Raises ProviderRefused, StoreUnavailable."""
        flow = read_flow(kept)
        is_same = hmac.compare_digest(flow.secrets.state.encode(), state.encode("utf-8", "replace"))
        is_living = is_within(flow.began_at, now.timestamp(), FLOW_SECONDS)
        if not is_same or not is_living or not self._use_up(flow):
            raise ProviderRefused(ProviderRefusal.BAD_STATE)
        return flow

    def _use_up(self, flow: Flow) -> bool:
        """Whether it was not used before."""
        key = Key(Kind.FLOW, (flow.secrets.state,))
        with self.store.changing() as records:
            if records.load(key)[key].failures:
                return False
            records.put(key, Attempts(failures=1))
            return True


def read_flow(kept: object) -> Flow:
    """The flow that a browser has kept. Raises ProviderRefused for anything else."""
    try:
        return Flow(**_Kept.model_validate(kept).model_dump())
    except ValidationError:
        raise ProviderRefused(ProviderRefusal.BAD_STATE) from None
