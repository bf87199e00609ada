"""The use cases together, as the pages and commands get them."""

from dataclasses import dataclass

from sqlalchemy import Engine

from app.services.groups import Groups
from app.services.readiness import Readiness
from app.services.scaling import Scaling
from app.services.settlement import Settlement
from app.services.sign_in import SignIn
from app.store.engine import upgrade


@dataclass(frozen=True)
class Portal:
    """Everything that people and programs can ask of the portal."""

    engine: Engine
    sign_in: SignIn
    groups: Groups
    scaling: Scaling
    settlement: Settlement
    readiness: Readiness

    def start(self) -> None:
        """Bring the records up to date and settle what an earlier process left in flight.

        Raises StoreUnavailable.
        """
        upgrade(self.engine)
        self.settlement.settle_all()
