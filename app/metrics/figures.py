"""What is so at the moment, as plain figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class JobFigures:
    """A job's last run, in whatever process, and the next one: seconds since 1970."""

    ran_at: float
    next_at: float
    is_ok: bool


@dataclass(frozen=True)
class WorkerFigures:
    """The jobs of all processes. `leader` and `lease_until` (seconds since 1970) are empty and None
    while nobody leads, `lag_seconds` is None if nobody ever did."""

    leader: str
    lease_until: float | None
    lag_seconds: float | None
    jobs: Mapping[str, JobFigures]
    processes: int
    is_of_different_rules: bool


@dataclass(frozen=True)
class SizeFigures:
    """Memory of each replica in GB and replicas, from the least to the most."""

    memory_gb: tuple[int, int]
    replicas: tuple[int, int]


@dataclass(frozen=True)
class GroupFigures:
    """One compute group as it was last read. `state` is Cloud's word, or the portal's for a group
    that Cloud does not show; sizes are None where they are not known. `budgets_used` is by period,
    1 where all is used."""

    warehouse: str
    name: str
    state: str
    configured: SizeFigures | None
    effective: SizeFigures | None
    has_change_in_flight: bool
    is_resizing: bool
    budgets_used: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ThrottleFigures:
    """Of people's sign-ins in all processes: passwords that are checked now, and names that have
    to wait at some address before they may try again."""

    checks: int
    waiting: int


@dataclass(frozen=True)
class BoostFigures:
    """Boosts that have not ended by state, and for how long the latest to go back is overdue."""

    by_state: Mapping[str, int]
    overdue_seconds: float


@dataclass(frozen=True)
class Figures:
    """What is so at the moment. `snapshot_age_seconds` is None while nothing is known of Cloud."""

    budget_left: int
    snapshot_age_seconds: float | None
    changes: Mapping[str, int]
    boosts: BoostFigures
    sessions: int
    worker: WorkerFigures
    throttle: ThrottleFigures
    groups: Sequence[GroupFigures]
    is_rules_file_faulty: bool
    is_frozen: bool
