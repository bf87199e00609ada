"""Whether anything that the pages of groups show can have changed, told before it is gathered.

An edition stands for everything that a page is made of. Two that are equal are of pages that are
equal but for what belongs to the person alone (name, form token) and for times that the browser
counts. It must be asked for before the page is gathered, so that it is never newer than that.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from zlib import crc32

from app import VERSION
from app.cloud.snapshot import Snapshot
from app.domain.access.permissions import Identity, Permission
from app.domain.changes.change import Change
from app.domain.groups.catalog import Catalog
from app.domain.readings import Freshness
from app.services.access.control import Access
from app.services.access.policy import Policy
from app.store.state import StateStore

MINUTE = 60
MOMENT = 10
"""Seconds that the edition of a change lives at most: its page tells what happens in seconds."""

LOAD_SECONDS = 600
MOST_REMEMBERED = 1000


@dataclass(frozen=True)
class Edition:
    """`mark` is equal for equal pages; `freshness` is how old what Cloud said is."""

    mark: str
    freshness: Freshness


@dataclass(frozen=True)
class Editions:
    """The use case of asking for it. Every method raises StoreUnavailable.

    Asking counts as looking: Cloud is read again when that is due.
    """

    policy: Policy
    access: Access
    snapshot: Snapshot
    state: StateStore
    now: Callable[[], datetime]
    _permissions: dict[Identity, tuple[Catalog, str]] = field(default_factory=dict)

    def of_groups(self, identity: Identity, wanted: str) -> Edition:
        """The page of all groups, of which those are shown that `wanted` says.

        It tells the load of the last day, so it lives for LOAD_SECONDS at most.
        """
        slot = int(self.now().timestamp()) // LOAD_SECONDS
        return self._edition("groups", wanted, self._permissions_everywhere(identity), slot)

    def of_group(self, identity: Identity, service_id: str) -> Edition:
        """The page of one group. Raises NotFound.

        It says what happens at which minute, so it lives for one at most; not all groups begin a
        new one at the same moment.
        """
        sight = self._sight_of(identity, service_id)
        minute = int(self.now().timestamp() + crc32(service_id.encode()) % MINUTE) // MINUTE
        return self._edition("group", service_id, *sight, minute)

    def of_change(self, identity: Identity, change: Change) -> Edition:
        """The page of a change that the person may see. Raises NotFound."""
        sight = self._sight_of(identity, change.service_id)
        return self._edition("change", change.reference, *sight, self.now().timestamp() // MOMENT)

    def _sight_of(self, identity: Identity, service_id: str) -> tuple[str, str]:
        """What of a group's page depends on who looks: permissions, and for those who may not see
        everybody's changes who they are. Raises NotFound."""
        definition = self.access.check_permission(identity, service_id, Permission.VIEW)
        permissions = definition.permissions_of(identity)
        person = "" if Permission.AUDIT in permissions else f"{identity.warehouse} {identity.user}"
        return " ".join(sorted(permissions)), person

    def _edition(self, *parts: object) -> Edition:
        freshness = self.snapshot.view().freshness(self.now())
        records = (self.state.current().revision, freshness.is_recent)
        rules = (self.policy.digest, bool(self.policy.faults))
        # What this process knows alone has no revision: then no two editions are the same.
        alone = secrets.token_hex() if self.snapshot.is_alone else ""
        text = repr((VERSION, *parts, *records, *rules, alone))
        return Edition(hashlib.sha256(text.encode()).hexdigest()[:20], freshness)

    def _permissions_everywhere(self, identity: Identity) -> str:
        """What the person may do in all groups; worked out once for each catalog in force. The
        same file gives another one when tags change at Cloud, and while it has faults."""
        catalog = self.policy.catalog
        known = self._permissions.get(identity)
        if known is None or known[0] is not catalog:
            groups = catalog.all_groups()
            text = repr([sorted(group.permissions_of(identity)) for group in groups])
            known = catalog, hashlib.sha256(text.encode()).hexdigest()
            if len(self._permissions) >= MOST_REMEMBERED:
                self._permissions.clear()
            self._permissions[identity] = known
        return known[1]
