"""Where a group stands with its schedule: what decides, what the plan wants, and what was done of
it."""

from dataclasses import dataclass

from app.domain.changes.actions import Action
from app.domain.groups.scaling import ScalingConfig, shrinks
from app.domain.schedules.commands import RunState
from app.domain.schedules.handover import Handover
from app.domain.schedules.precedence import Precedence, Ruling
from app.domain.schedules.record import Edge, EdgeKey, ScheduleRecord
from app.domain.schedules.schedule import Schedule
from app.domain.schedules.timeline import Due


@dataclass(frozen=True)
class Standing:
    """Where a group stands. `target` is what the plan wants in full, `key` names the due instant.

    `due` is None without a schedule, and where the one that was saved is none any more, such as
    after its zone was taken out of tzdata. `target` also where the configuration is not known.
    `handover` is what was given to Cloud. `run_state` and `command_edge` are of a schedule that
    stops its group outside all windows, where Cloud shows the group. `is_seen_lately`: Cloud was
    read so lately that what it shows can be taken for what is. `is_started`: all that is held is
    that somebody has started it in hours in which the plan wants it stopped.
    """

    record: ScheduleRecord | None
    precedence: Precedence
    due: Due | None = None
    key: EdgeKey | None = None
    edge: Edge | None = None
    current: ScalingConfig | None = None
    target: ScalingConfig | None = None
    handover: Handover | None = None
    run_state: RunState | None = None
    command_edge: Edge | None = None
    is_seen_lately: bool = True
    is_started: bool = False

    @property
    def schedule(self) -> Schedule | None:
        """The plan in force, where there is one that can be read."""
        return self.record.version.schedule if self.record and self.due else None

    @property
    def is_as_planned(self) -> bool:
        """Whether the group is configured as the plan wants it."""
        current, target = self.current, self.target
        if current is None or target is None:
            return False
        return current.without_unused_timeout == target.without_unused_timeout

    @property
    def is_to_be_smaller(self) -> bool:
        """Whether the plan wants the group stopped that is not, or smaller than it is."""
        current, target, run_state = self.current, self.target, self.run_state
        if run_state and run_state.wants_stopped and not run_state.is_as_planned:
            return True
        return current is not None and target is not None and shrinks(current, target)

    @property
    def is_size_deciding(self) -> bool:
        """Whether the schedule may set the size now: of what somebody starts in between too."""
        decides = self.precedence
        is_held = decides.current.ruling is Ruling.HELD
        return decides.is_schedule_deciding or (is_held and self.is_started)

    @property
    def is_own_stop(self) -> bool:
        """Whether the group is off because its schedule has stopped it."""
        return self.run_state is not None and self.run_state.is_own_stop

    @property
    def command(self) -> Action | None:
        """The start or stop that the plan gives now, as far as its instant was not acted on."""
        return (
            self.run_state.find_command(self.precedence.current.ruling) if self.run_state else None
        )

    @property
    def last_failed(self) -> Edge | None:
        """The due instant whose start, stop or size was refused and is still to be made."""
        return next((it for it in (self.command_edge, self.edge) if it and it.error), None)

    @property
    def is_at_base(self) -> bool:
        """Whether the base size holds and is configured."""
        return self.precedence.current.ruling is Ruling.BASE and self.is_as_planned
