"""Reading Cloud's cost report while nobody waits for it: a job of the process that leads.

Each reading is one request, made only where the request budget has one to spare.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from app.cloud.client import CloudClient
from app.domain.spend.reading import Span, covered_by, days_of, find_due
from app.errors import CloudError, CloudKeyRefused, CloudNotAsked, CloudTooBusy
from app.store.spend import SpendStore

FORBIDDEN = 403
NO_PERMISSION = (
    "The portal's key lacks the permission to read costs (control-plane:organization:view), so "
    "ClickHouse Cloud's figures are missing."
)

log = logging.getLogger("portal.spend")


@dataclass(frozen=True)
class SpendReader:
    """The use case of reading it. Raises StoreUnavailable."""

    client: CloudClient
    store: SpendStore
    now: Callable[[], datetime]

    def read_due(self) -> None:
        """Read what is due, as far as the request budget goes."""
        span = find_due(self.store.map_marks(), self.now())
        if span is None:
            return
        try:
            self._read(span)
        except (CloudNotAsked, CloudTooBusy):
            return  # the next run tries again
        except CloudError as error:
            if not error.is_cut_short:
                self._note_failure(span, error)

    def _read(self, span: Span) -> None:
        first, last = days_of(span, self.now().astimezone(UTC).date())
        rows = self.client.read_costs(first, last)
        self.store.record_report(covered_by(span), first, last, rows, self.now())

    def _note_failure(self, span: Span, error: CloudError) -> None:
        is_refused = isinstance(error, CloudKeyRefused) and error.upstream_status == FORBIDDEN
        words = NO_PERMISSION if is_refused else error.message
        # Without the permission no days can be read; else fewer days may be, where many cannot.
        for each in covered_by(span) if is_refused else (span,):
            self.store.note_failure(each, self.now(), words)
        log.warning("the cost report was not read: %s", words)
