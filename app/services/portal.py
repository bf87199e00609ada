"""The use cases together, as the pages and commands get them."""

from dataclasses import dataclass

from sqlalchemy import Engine

from app.domain.events import EventKind, Result
from app.services.access import Access
from app.services.account import Account
from app.services.administration import Administration
from app.services.api_access import ApiAccess
from app.services.applying import Applying
from app.services.audit import Audit
from app.services.change_events import ChangeEvents
from app.services.gate import Gate
from app.services.groups import Groups
from app.services.history import History
from app.services.housekeeping import Housekeeping
from app.services.key_health import KeyHealth
from app.services.ledger import Ledger
from app.services.measuring import Measuring
from app.services.policy import Policy
from app.services.power import Power
from app.services.proof import Prover
from app.services.readiness import Readiness
from app.services.scaling import Scaling
from app.services.settlement import Settlement
from app.services.sign_in import SignIn
from app.services.submitting import Submitting
from app.services.timeline import Timeline
from app.services.trail import Trail
from app.store.engine import upgrade


@dataclass(frozen=True)
class Portal:
    """Everything that people and programs can ask of the portal."""

    engine: Engine
    audit: Audit
    events: ChangeEvents
    trail: Trail
    policy: Policy
    access: Access
    gate: Gate
    sign_in: SignIn
    groups: Groups
    ledger: Ledger
    timeline: Timeline
    scaling: Scaling
    power: Power
    prover: Prover
    applying: Applying
    settlement: Settlement
    submitting: Submitting
    api_access: ApiAccess
    account: Account
    administration: Administration
    history: History
    key_health: KeyHealth
    measuring: Measuring
    readiness: Readiness
    housekeeping: Housekeeping

    def start(self) -> None:
        """Bring the records up to date and settle what an earlier process left in flight.

        From then on the records are tidied up every hour.

        Raises StoreUnavailable.
        """
        upgrade(self.engine)
        self.audit.record(self.audit.event(EventKind.STARTUP, "start", Result.SUCCESS))
        self.settlement.settle_all()
        self.housekeeping.start()

    def stop(self) -> None:
        """Note that the process ends in good order. Raises nothing."""
        self.audit.note(self.audit.event(EventKind.SHUTDOWN, "stop", Result.SUCCESS))
