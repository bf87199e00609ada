"""The use cases that change a group, now, for a while or by a plan, over their adapters."""

from dataclasses import dataclass

from app.concurrency import KeyedLock
from app.services.access.control import ChangeFreeze
from app.services.boosts.ends import BoostEnds
from app.services.boosts.events import BoostEvents
from app.services.boosts.reverts import BoostReverts
from app.services.boosts.service import Boosts
from app.services.changes.apply import ChangeApplier
from app.services.changes.boost_rules import BoostRules
from app.services.changes.confirmation import ConfirmationRules
from app.services.changes.idempotency import IdempotentChanges, TokenCheck
from app.services.changes.orders import OrderedChanges
from app.services.changes.preconditions import Preconditions
from app.services.changes.scaling import ScalingProposals
from app.services.changes.sending import ChangeSender
from app.services.changes.state_commands import StateCommands
from app.services.schedules.orders import ScheduledChanges
from app.store.idempotency import IdempotencyStore
from app.wiring.core import Core, now
from app.wiring.schedules import ScheduleUses, build_schedules
from app.wiring.shared import Shared


@dataclass(frozen=True)
class ChangeUses:
    """The use cases that make a change."""

    scaling: ScalingProposals
    state_commands: StateCommands
    applier: ChangeApplier
    idempotent: IdempotentChanges
    boosts: Boosts
    planned: ScheduleUses


def build_changes(
    core: Core, shared: Shared, confirmations: ConfirmationRules, check_token: TokenCheck
) -> ChangeUses:
    """The use cases over the parts."""
    access, ledger, events = shared.access, shared.ledger, shared.events
    client, snapshot, changes = core.client, core.snapshot, core.changes
    rules = shared.rules
    boost_rules = BoostRules(core.boosts, core.changes, now)
    preconditions = Preconditions(core.policy, client, snapshot, rules, boost_rules)
    sender = ChangeSender(client, snapshot, changes, events, now)
    applier = ChangeApplier(access, ledger, confirmations, preconditions, sender, events, now)
    scaling = ScalingProposals(access, ledger, snapshot, rules, boost_rules, changes, events, now)
    commands = StateCommands(access, ledger, confirmations, applier, snapshot, changes, events, now)
    keys, orders = IdempotencyStore(core.engine), OrderedChanges(sender, changes, events, now)
    scheduled = ScheduledChanges(orders, preconditions, snapshot)
    programs = IdempotentChanges(
        scaling, commands, applier, ledger, keys, events, KeyedLock(), check_token, now
    )
    ends = BoostEnds(core.boosts)
    stopper = shared.freeze if core.are_reverts_frozen else None
    return ChangeUses(
        scaling,
        commands,
        applier,
        programs,
        _build_boosts(core, shared, orders, preconditions, stopper),
        build_schedules(core, shared, ends, scheduled, applier, programs),
    )


def _build_boosts(
    core: Core,
    shared: Shared,
    orders: OrderedChanges,
    preconditions: Preconditions,
    freeze: ChangeFreeze | None,
) -> Boosts:
    boosts, events = core.boosts, BoostEvents(shared.events)
    reverts = BoostReverts(
        boosts, core.changes, core.snapshot, core.client, orders, preconditions, events, now, freeze
    )
    return Boosts(shared.access, boosts, reverts, events, shared.budgets, now)
