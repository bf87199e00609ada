"""Reading the load of groups while nobody waits for it: a job of the process that leads.

Each reading is one request, and the request budget says when there is one to spare. A group that is
known to be idle or stopped costs none.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.cloud.client import CloudClient
from app.cloud.snapshot import Snapshot, View
from app.domain.groups.scaling import ScalingConfig
from app.domain.groups.states import ServiceState
from app.domain.load.buckets import bucket_of
from app.domain.load.samples import Activity, Sample, differences
from app.domain.load.sampling import Target, list_due
from app.errors import CloudError, CloudKeyRefused, CloudNotAsked, CloudTooBusy
from app.services.access.policy import Policy
from app.store.load import LoadStore

VIEW_SECONDS = 60.0
"""A view of all services that is older does not tell whether a group is idle."""

MOST_AT_ONCE = 20
"""Groups in one run: those that cost no request are written down one by one."""

RESTING = {ServiceState.IDLE: Activity.IDLE, ServiceState.STOPPED: Activity.STOPPED}

log = logging.getLogger("portal.load")


@dataclass(frozen=True)
class LoadSampler:
    """The use case of reading it. Raises StoreUnavailable."""

    policy: Policy
    client: CloudClient
    snapshot: Snapshot
    store: LoadStore
    now: Callable[[], datetime]

    def sample(self) -> None:
        """Read the groups that are due, as far as the request budget goes."""
        due = list_due(self._list_targets(), self.now().timestamp())
        if not due:
            return
        view = self._view()
        for target in due[:MOST_AT_ONCE]:
            try:
                self._sample(target, view)
            except (CloudNotAsked, CloudTooBusy):
                return  # the next run goes on with the most overdue

    def _view(self) -> View:
        view = self.snapshot.peek()
        age_seconds = view.age_seconds(self.now())
        is_old = age_seconds is None or age_seconds > VIEW_SECONDS
        return self.snapshot.view() if is_old else view

    def _list_targets(self) -> list[Target]:
        """One of each group in the file of groups."""
        known = {target.service_id: target for target in self.store.list_targets()}
        wanted = [group.service_id for group in self.policy.catalog.all_groups()]
        missing = [service_id for service_id in wanted if service_id not in known]
        self.store.add_targets(missing)
        return [known.get(service_id) or Target(service_id) for service_id in wanted]

    def _sample(self, target: Target, view: View) -> None:
        service = view.services.get(target.service_id)
        config = (service.effective or service.configured) if service else None
        try:
            sample = self._read(target.service_id, service.state if service else None, view)
        except (CloudNotAsked, CloudTooBusy):
            raise
        except CloudError as error:
            if not error.is_cut_short:
                self._note_failure(target, error)
            return
        self._note(target, sample, config)

    def _note(self, target: Target, sample: Sample, config: ScalingConfig | None) -> None:
        now = self.now().timestamp()
        counted = differences(target.comparable(now), sample.counters)
        if bucket := bucket_of(sample, counted, config, now):
            self.store.record(target.service_id, [bucket], sample.counters, now)
        else:  # what was counted so far stays, for the next answer to be compared with
            self.store.note_attempt(target.service_id, now)

    def _read(self, service_id: str, state: ServiceState | None, view: View) -> Sample:
        if state in RESTING and view.error is None:
            return Sample(RESTING[state])
        return self.client.read_load(service_id)

    def _note_failure(self, target: Target, error: CloudError) -> None:
        """One group that cannot be read keeps no other from being read."""
        self.store.note_attempt(target.service_id, self.now().timestamp(), error.message)
        if not isinstance(error, CloudKeyRefused):  # told by the check of the key, not every minute
            log.warning("the load of %s was not read: %s", target.service_id, error.message)
