"""What a portal has written into its audit log since a test began."""

import json
from typing import Any

from tests.support.portal import PortalProcess

Line = dict[str, Any]
SHUT = "CREATE TRIGGER shut BEFORE INSERT ON events BEGIN SELECT RAISE(FAIL, 'shut'); END"


class AuditLogReader:
    """Reads the records beside the portal."""

    def __init__(self, portal: PortalProcess) -> None:
        self.portal = portal
        self.skip()

    def skip(self) -> None:
        """What happened until now is not of interest."""
        ((last,),) = self.portal.execute("SELECT coalesce(max(seq), 0) FROM events")
        self._after = last

    def lines(self) -> list[Line]:
        """Every event since then."""
        rows = self.portal.execute("SELECT text FROM events WHERE seq > ?", self._after)
        return [json.loads(text) for (text,) in rows]

    @property
    def told(self) -> list[tuple[str, str, str]]:
        """Kind, action and error of every event since then."""
        return [(line["kind"], line["action"], line["error"]) for line in self.lines()]

    @property
    def only(self) -> Line:
        """The one event since then."""
        (line,) = self.lines()
        return line

    def shut(self) -> None:
        """From now on the audit log takes nothing."""
        self.portal.execute(SHUT)

    def open(self) -> None:
        """It takes events again."""
        self.portal.execute("DROP TRIGGER shut")
