"""Fifty people at once, on two groups of one warehouse: its replicas never pass their bound."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine

from app.domain.changes.change import Change, ChangeState
from app.domain.groups.catalog import Catalog, WarehouseDefinition
from app.errors import BrokenRules, ChangeConflict
from tests.support.sandbox import RunningSandbox
from tests.unit.builders import ALICE, SetPolicy, make_definition, replicas
from tests.unit.services.over_sandbox import over_sandbox, real_client

PEOPLE, TRIES = 50, 2
BOUND = 9
GROUPS = ("Analytics primary", "Analytics reporting")
AT_FIRST = (3, 1)


def warehouse_of(sandbox: RunningSandbox) -> Catalog:
    """One warehouse with two groups and a bound on the replicas of both."""
    groups = tuple(make_definition(sandbox.service_id(name), name) for name in GROUPS)
    return Catalog((WarehouseDefinition("analytics", "Analytics", groups, None, BOUND),))


class Portal:
    """The portal as one of many people uses it."""

    def __init__(self, engine: Engine, sandbox: RunningSandbox) -> None:
        self.client = real_client(sandbox)
        self.use_cases = over_sandbox(engine, self.client, SetPolicy(warehouse_of(sandbox)))

    def count(self, service_id: str) -> int:
        """The replicas configured now."""
        configured = self.client.get_service(service_id).configured
        assert configured is not None
        return configured.max_replicas

    def ask(self, service_id: str, count: int) -> Change | None:
        """A draft of so many replicas; None if there is none to be had."""
        now = self.client.get_service(service_id).configured
        assert now is not None
        try:
            return self.use_cases.ask(now, replicas(count, now), ALICE, service_id)
        except (ChangeConflict, BrokenRules):
            return None

    def confirm(self, draft: Change | None) -> str:
        """What comes of confirming it."""
        if draft is None:
            return "no draft"
        try:
            return self.use_cases.applier.apply(
                ALICE, draft.reference, check_signed_in=lambda: None
            ).state
        except ChangeConflict:
            return "conflict"
        except BrokenRules as error:
            return ", ".join(item.code for item in error.problems)


def sums_over_time(sandbox: RunningSandbox) -> Iterator[int]:
    """The replicas configured in both groups after each change that the sandbox accepted."""
    counts = dict(zip(map(sandbox.service_id, GROUPS), AT_FIRST, strict=True))
    for write in sandbox.writes():
        assert write["status"] == 200
        counts[write["service_id"]] = write["body"]["numReplicas"]
        yield sum(counts.values())


# ASVS 2.3.3, 15.4.1
def test_fifty_people_on_two_groups_never_pass_the_bound_of_the_warehouse(
    engine: Engine, sandbox: RunningSandbox
) -> None:
    portal = Portal(engine, sandbox)
    ids = [sandbox.service_id(name) for name in GROUPS]
    together = threading.Barrier(PEOPLE)

    def person(number: int) -> list[str]:
        # Either group may grow to 5 or 6 alone, and not both: everybody confirms at once.
        draft = portal.ask(ids[number % 2], 5 + number % 3 // 2)
        together.wait(30)
        outcomes = [portal.confirm(draft)]
        choices = random.Random(number)  # noqa: S311 - the same wishes every time
        for place in range(TRIES):
            wish = choices.choice([2, 2, 4, 5, 6, 7])
            outcomes.append(portal.confirm(portal.ask(ids[(number + place) % 2], wish)))
        return outcomes

    with ThreadPoolExecutor(PEOPLE) as pool:
        outcomes = Counter(item for tried in pool.map(person, range(PEOPLE)) for item in tried)

    sums = list(sums_over_time(sandbox))
    assert max(sums) <= BOUND, sums
    # Every one that was applied arrived, there was at least one, and the bound was felt.
    assert outcomes[ChangeState.APPLIED] == len(sums) >= 1
    assert outcomes["warehouse_replicas"] >= 1
    assert sum(map(portal.count, ids)) == sums[-1] <= BOUND
    assert portal.use_cases.changes.list_in_flight() == []
