"""The use cases that others stand on: who may do what, the groups, the ledger."""

from dataclasses import dataclass

from app.services.access.control import Access, ChangeFreeze
from app.services.changes.events import ChangeEvents
from app.services.changes.ledger import Ledger
from app.services.changes.reconcile import Reconciler
from app.services.changes.rules import ScalingRules
from app.services.groups.editions import Editions
from app.services.groups.favourites import Favourites
from app.services.groups.service import Groups
from app.services.pages.actions import GroupActions
from app.services.spend.budgets import Budgets
from app.store.favourites import FavouriteStore
from app.wiring.core import Core, now


@dataclass(frozen=True)
class Shared:
    """Put together once for a process."""

    freeze: ChangeFreeze
    access: Access
    groups: Groups
    events: ChangeEvents
    ledger: Ledger
    actions: GroupActions
    editions: Editions
    favourites: Favourites
    budgets: Budgets
    rules: ScalingRules


def build_shared(core: Core) -> Shared:
    """The use cases over the parts."""
    policy, snapshot, audit = core.policy, core.snapshot, core.audit
    freeze = ChangeFreeze(policy, core.freezes, core.state)
    access, events = Access(policy, freeze, audit), ChangeEvents(audit, policy)
    budgets = Budgets(policy, core.spend, audit, now)
    rules = ScalingRules(policy, snapshot, core.changes, budgets, now)
    return Shared(
        freeze=freeze,
        access=access,
        groups=Groups(policy, access, freeze, snapshot, now),
        events=events,
        ledger=Ledger(access, core.changes, Reconciler(snapshot, core.changes, events, now)),
        actions=GroupActions(freeze, rules, now),
        budgets=budgets,
        rules=rules,
        editions=Editions(policy, access, snapshot, core.state, now),
        favourites=Favourites(access, FavouriteStore(core.engine), core.state),
    )
