"""The groups that a person has marked, which come first in the list."""

from dataclasses import dataclass, field

from app.domain.access.permissions import Identity, Permission
from app.services.access.control import Access
from app.store.favourites import FavouriteStore
from app.store.state import StateStore

MOST_REMEMBERED = 1000


@dataclass(frozen=True)
class Favourites:
    """The use cases. Every method raises StoreUnavailable.

    Marking counts the revision up: as long as that is the same nothing is read again, and a poll
    of an unchanged page costs no query for it.
    """

    access: Access
    store: FavouriteStore
    state: StateStore
    _known: dict[tuple[str, str], tuple[int, frozenset[str]]] = field(default_factory=dict)

    def list_of(self, identity: Identity) -> frozenset[str]:
        """The services that this person has marked, whatever roles they have now."""
        key, revision = (identity.warehouse, identity.user), self.state.current().revision
        known = self._known.get(key)
        if known is None or known[0] != revision:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            known = self._known[key] = (revision, self.store.list_of(identity))
        return known[1]

    def mark(self, identity: Identity, service_id: str, *, is_favourite: bool) -> None:
        """Mark a group that the person may see, or take the mark away.

        Raises NotFound, NotPossible.
        """
        self.access.check_permission(identity, service_id, Permission.VIEW)
        if is_favourite:
            self.store.add(identity, service_id)
        else:
            self.store.remove(identity, service_id)
