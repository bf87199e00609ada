"""The use cases of boosts over their adapters."""

from app.services.access.control import Access
from app.services.boosts.events import BoostEvents
from app.services.boosts.reverts import BoostReverts
from app.services.boosts.service import Boosts
from app.services.changes.events import ChangeEvents
from app.services.changes.orders import OrderedChanges
from app.services.changes.preconditions import Preconditions
from app.services.changes.sending import ChangeSender
from app.wiring.core import Core, now


def build_boosts(
    core: Core,
    access: Access,
    events: ChangeEvents,
    preconditions: Preconditions,
    sender: ChangeSender,
) -> Boosts:
    """What looks at boosts, and what ends them."""
    boosts, changes = core.boosts, core.changes
    orders, own_events = OrderedChanges(sender, changes, events, now), BoostEvents(events)
    reverts = BoostReverts(
        boosts, changes, core.snapshot, core.client, orders, preconditions, own_events, now
    )
    return Boosts(access, boosts, reverts, own_events, now)
