"""Leading the jobs that act when nobody looks: one process at a time, told apart by a number."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tenure:
    """The time for which one process leads.

    `epoch` rises by one with each new leader of the lease: what is written under an older one is
    refused, so that a leader that was paused past its lease writes nothing more.
    """

    lease: str
    holder: str
    epoch: int
