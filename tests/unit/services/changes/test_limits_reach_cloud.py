"""Whatever is asked, only what is inside the limits, or inward of where it was, reaches Cloud."""

from collections import Counter

import pytest
from hypothesis import given, settings
from sqlalchemy import Engine, delete

from app.cloud import snapshot
from app.domain.changes.change import ChangeState
from app.domain.groups.catalog import Catalog, WarehouseDefinition
from app.domain.groups.limits import Limits
from app.domain.groups.scaling import LEAST_MEMORY_GB, MEMORY_STEP_GB, MOST_MEMORY_GB, ScalingConfig
from app.errors import BrokenRules
from app.store.database.engine import writing
from app.store.schema import changes
from tests.support.sandbox import RunningSandbox
from tests.unit.builders import ALICE, PRIMARY_ID, SetPolicy, make_catalog, make_definition
from tests.unit.limit_cases import MODERATE, Case, broken_bounds, cases
from tests.unit.services.over_sandbox import over_sandbox, real_client
from tests.unit.services.world import UseCases, World, confirmation

ARCHIVE = "Analytics archive"
WIDE = Limits(
    memory_choices_gb=tuple(range(LEAST_MEMORY_GB, MOST_MEMORY_GB + 1, MEMORY_STEP_GB)),
    max_idle_timeout_minutes=20_000,
)


def carry_through(use_cases: UseCases, case: Case, service_id: str) -> str:
    """Ask, and confirm what may be confirmed: `refused`, `nothing to do` or `sent`."""
    try:
        draft = use_cases.scaling.propose_request(
            ALICE, service_id, case.request, drawn_from=case.current.fingerprint
        )
        if draft is None:
            return "nothing to do"
        use_cases.applier.apply(
            ALICE, draft.reference, confirmation(), check_signed_in=lambda: None
        )
    except BrokenRules:
        return "refused"
    return "sent"


def test_over_a_fake_cloud(world: World) -> None:
    seen: Counter[str] = Counter()

    @settings(MODERATE, max_examples=80)
    @given(case=cases())
    def check_case(case: Case) -> None:
        start_anew(world, case)
        seen[carry_through(world, case, PRIMARY_ID)] += 1
        assert list(broken_bounds(case.current, world.config(), case.limits)) == []
        asked = case.request.applied_to(case.current)
        # What was refused changed nothing, and what was sent is what was asked.
        assert world.config() == (asked if world.cloud.sent else case.current)

    check_case()
    assert min(seen["sent"], seen["refused"]) >= 10, seen


def start_anew(world: World, case: Case) -> None:
    """An empty ledger, and the group as the case has it."""
    with writing(world.changes.engine) as connection:
        connection.execute(delete(changes))
    world.cloud.sent.clear()
    world.cloud.put(PRIMARY_ID, configured=case.current)
    world.clock.advance(6)
    world.set_policy(make_catalog(limits=case.limits))


def test_limits_narrowed_between_asking_and_confirming_hold_too(world: World) -> None:
    seen: Counter[str] = Counter()

    @settings(MODERATE, max_examples=100)
    @given(case=cases())
    def check_case(case: Case) -> None:
        start_anew(world, case)
        target = case.request.applied_to(case.current)
        world.set_policy(make_catalog(limits=WIDE))
        draft = world.ask(case.current, target, ALICE, PRIMARY_ID)
        world.set_policy(make_catalog(limits=case.limits))
        try:
            seen[
                world.apply(draft.reference, confirmation=confirmation()).state
                if draft
                else "nothing"
            ] += 1
        except BrokenRules:
            seen["refused"] += 1
        assert list(broken_bounds(case.current, world.config(), case.limits)) == []

    check_case()
    assert min(seen[ChangeState.APPLIED], seen["refused"]) >= 10, seen


def one_group(service_id: str, case: Case) -> Catalog:
    """One group with the limits of the case."""
    group = make_definition(service_id, ARCHIVE, limits=case.limits)
    return Catalog((WarehouseDefinition("analytics", "Analytics", (group,)),))


def put(sandbox: RunningSandbox, config: ScalingConfig) -> None:
    """Configure the group in the sandbox, without asking any rule."""
    sandbox.force(
        ARCHIVE,
        state="running",
        autoscalingMode=config.mode,
        minReplicaMemoryGb=config.min_memory_gb,
        maxReplicaMemoryGb=config.max_memory_gb,
        minReplicas=config.min_replicas,
        maxReplicas=config.max_replicas,
        idleScaling=config.idle_scaling,
        idleTimeoutMinutes=config.idle_timeout_minutes,
    )


# ASVS 2.2.2, 8.3.1
def test_over_the_sandbox_with_the_portals_own_client(
    engine: Engine, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "FRESH_SECONDS", 0.0)
    service_id = sandbox.service_id(ARCHIVE)
    client, policy = real_client(sandbox), SetPolicy(make_catalog())
    use_cases = over_sandbox(engine, client, policy)
    seen: Counter[str] = Counter()

    @settings(MODERATE, max_examples=40)
    @given(case=cases())
    def check_case(case: Case) -> None:
        with writing(engine) as connection:
            connection.execute(delete(changes))
        put(sandbox, case.current)
        policy.set(one_group(service_id, case))
        sent_before = len(sandbox.writes())
        outcome = carry_through(use_cases, case, service_id)
        reached = client.get_service(service_id).configured
        assert reached is not None
        assert list(broken_bounds(case.current, reached, case.limits)) == []
        asked = case.request.applied_to(case.current)
        assert reached == (asked if outcome == "sent" else case.current)
        assert len(sandbox.writes()) - sent_before == (outcome == "sent")
        seen[outcome] += 1

    check_case()
    assert min(seen["sent"], seen["refused"]) >= 5, seen
