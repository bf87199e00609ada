"""The use case of scaling over fakes and a real ledger."""

from sqlalchemy import Engine

from app.domain.access import Identity
from app.domain.changes import Change
from app.domain.limits import Limits
from app.domain.requests import ScalingRequest, parse_request
from app.errors import (
    CloudUnreachable,
)
from app.services.groups import Groups
from app.services.scaling import Scaling
from app.services.settlement import Settlement
from tests.unit.builders import (
    ALICE,
    PRIMARY_ID,
    VERTICAL,
    make_catalog,
)
from tests.unit.services.fakes import Clock, FakeCloud, FakeSnapshot, Ledger

FIVE = parse_request({"min_memory_gb": 16, "max_memory_gb": 32, "num_replicas": 5})
SAME = parse_request({"min_memory_gb": 16, "max_memory_gb": 32, "num_replicas": 3})
OLGA = Identity("analytics", "olga", frozenset({"analytics_operator"}))
PATCHED = {"numReplicas": 5}
UNREACHABLE = CloudUnreachable(message="No connection.")


class World:
    """The use case over fakes and a real ledger; `log` is what happened, in order."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.log: list[str] = []
        self.clock = clock
        self.cloud = FakeCloud(self.log)
        self.ledger = Ledger(engine, self.log)
        self.snapshot = FakeSnapshot(self.cloud.service)
        self.limits = Limits()

    @property
    def use_case(self) -> Scaling:
        """What is tested."""
        catalog = make_catalog(limits=self.limits)
        groups = Groups(catalog, "the data team", self.snapshot, self.ledger, self.clock)
        settlement = Settlement(self.snapshot, self.ledger, self.clock)
        return Scaling(groups, self.cloud, self.snapshot, self.ledger, settlement, self.clock)

    def propose(
        self,
        request: ScalingRequest = FIVE,
        person: Identity = ALICE,
        service_id: str = PRIMARY_ID,
        drawn_from: str = VERTICAL.fingerprint,
    ) -> Change | None:
        """Ask for a change."""
        return self.use_case.propose(person, service_id, request, drawn_from=drawn_from)

    def draft(self, person: Identity = ALICE) -> str:
        """A draft of 5 replicas; its reference. What happened until then is forgotten."""
        change = self.propose(person=person)
        assert change is not None
        self.log.clear()
        return change.reference

    def apply(self, reference: str, person: Identity = ALICE) -> Change:
        """Confirm it."""
        return self.use_case.apply(person, reference)
