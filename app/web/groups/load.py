"""What the page of one group shows of its load: charts, a table of the same, and advice."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask import render_template, url_for
from markupsafe import Markup

from app.domain.access.permissions import Permission
from app.domain.load.advice import Advice, AdviceKind, Silence
from app.domain.load.advice_words import SILENCES, describe
from app.domain.load.buckets import Bucket
from app.domain.load.samples import Activity
from app.domain.load.spans import Span
from app.services.load.reports import LoadReport
from app.web.formatting.costs import show_cost_change, show_money
from app.web.formatting.sizes import NO_BREAK, show_parts
from app.web.groups.load_chart import Chart, Frame, describe_nothing, highest, local_label

PLACE = Markup('<div id="load" data-keep></div>')
"""Where the part of the page leaves room for it: it is drawn when the page is opened, and stays."""

UNKNOWN = "\N{EN DASH}"
SPAN_WORDS = {Span.DAY: "24 hours", Span.WEEK: "7 days", Span.MONTH: "30 days"}
ACTIVITY_WORDS = {Activity.IDLE: "Idle", Activity.STOPPED: "Stopped"}
CPU_GUIDES = ((25.0, "75"), (62.5, "37.5"))
"""How far down Cloud's own bounds are drawn, in percent."""


@dataclass(frozen=True)
class LoadRow:
    """One step, or a stretch without work, which `words` then says. `sized_by` names the boosts and
    windows that held."""

    moment: str
    cells: tuple[str, ...] = ()
    words: str = ""
    sized_by: str = ""


@dataclass(frozen=True)
class LoadPage:
    """One report as it is drawn."""

    report: LoadReport
    zone: ZoneInfo

    @property
    def is_known(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self.report.buckets)

    @property
    def spans(self) -> list[tuple[str, str, bool]]:
        """How far back one can look: words, address, and whether that is what is shown."""
        service_id = self.report.group.service_id
        return [
            (
                SPAN_WORDS[span],
                url_for("groups.show", service_id=service_id, load=span.value, _anchor="load"),
                span is self.report.span,
            )
            for span in Span
        ]

    @property
    def charts(self) -> list[Chart]:
        """Memory and CPU."""
        frame = Frame(self.report, self.zone)
        return [_memory_chart(frame), _cpu_chart(frame)]

    @property
    def advice_words(self) -> str:
        """What Cloud's rule says, or why it says nothing."""
        advice = self.report.advice
        return describe(advice) if isinstance(advice, Advice) else SILENCES[advice]

    @property
    def is_silent(self) -> bool:
        """Whether nothing is advised."""
        return isinstance(self.report.advice, Silence)

    @property
    def form_label(self) -> str:
        """What the link to the filled form is called; empty where there is nothing to ask for."""
        advice, group = self.report.advice, self.report.group
        if not isinstance(advice, Advice) or advice.target is None:
            return ""
        if not group.may(Permission.SCALE) or group.scaling_obstacle:
            return ""
        if advice.kind is AdviceKind.LONGER_TIMEOUT:
            return f"Fill the form with {advice.needed}{NO_BREAK}minutes"
        return f"Fill the form with {show_parts(advice.target)}"

    @property
    def cost_words(self) -> str:
        """What the advised size costs, or saves in a month."""
        advice, group = self.report.advice, self.report.group
        price, service = group.definition.limits.price, group.service
        if not isinstance(advice, Advice) or advice.target is None or price is None:
            return ""
        if service is None or service.configured is None:
            return ""
        saved_gb = service.configured.min_total_gb - advice.target.min_total_gb
        if saved_gb > 0:
            share = Decimal(str(round(advice.figures.awake_share, 3)))
            amount = (price.per_month(saved_gb) * share).quantize(Decimal(1))
            return f"That would save about {show_money(amount, price)} a month."
        if advice.target.size == service.configured.size:
            return ""
        return show_cost_change(price, service.configured, advice.target)

    @property
    def rows(self) -> list[LoadRow]:
        """The same as rows, the newest first; stretches without work are one row each."""
        frame, rows = Frame(self.report, self.zone), []
        for run in frame.runs(lambda item: item.activity):
            if run[0].is_awake:
                rows += [self._row(frame, it) for it in run]
                continue
            ends = run[0].starts_at, run[-1].starts_at + frame.step
            moment = " to ".join(local_label(frame, end) for end in ends)
            words, sized_by = ACTIVITY_WORDS[run[0].activity], self._sized_by(*ends)
            rows.append(LoadRow(moment, words=words, sized_by=sized_by))
        return rows[::-1]

    def _row(self, frame: Frame, bucket: Bucket) -> LoadRow:
        at = bucket.starts_at
        return LoadRow(
            local_label(frame, at), _cells(bucket), sized_by=self._sized_by(at, at + frame.step)
        )

    def _sized_by(self, start: float, end: float) -> str:
        """Names of what held between these, each once."""
        ends = [datetime.fromtimestamp(moment, UTC) for moment in (start, end)]
        held = [*self.report.boosted, *self.report.windows]
        return ", ".join(dict.fromkeys(it.name for it in held if it.meets(*ends))) or UNKNOWN


def draw_load(report: LoadReport, zone: ZoneInfo) -> Markup:
    """The section of the page."""
    return Markup(render_template("groups/_load.html", load=LoadPage(report, zone)))  # noqa: S704 - our own template


def _memory_chart(frame: Frame) -> Chart:
    buckets = frame.report.buckets
    tops = [highest(buckets, figure) for figure in (_used, _total, lambda item: item.max_gb)]
    top = max((found[0] for found in tops if found), default=1.0) or 1.0
    return Chart(
        key="memory",
        title="Highest memory use of a replica",
        description=f"{_describe_memory(frame)} {_describe_stretches(frame.report)}",
        top=f"{_round(top)}{NO_BREAK}GB",
        lines=frame.line(_used, top * 1.02),
        bands=frame.bands(top * 1.02),
        idle=frame.idle(),
        guides=(),
        ticks=frame.ticks(),
        changes=frame.changes(),
        failures=frame.failures(),
        windows=frame.places(frame.report.windows),
        boosted=frame.places(frame.report.boosted),
    )


def _cpu_chart(frame: Frame) -> Chart:
    found = highest(frame.report.buckets, lambda item: item.cpu_share)
    words = describe_nothing(frame.report.buckets)
    if found:
        words = (
            f"Highest {100 * found[0]:.0f} percent, at {local_label(frame, found[1].starts_at)}."
        )
    return Chart(
        key="cpu",
        title="CPU of the busiest replica",
        description=f"{words} {_describe_stretches(frame.report)}",
        top=f"100{NO_BREAK}%",
        lines=frame.line(lambda item: item.cpu_share, 1.0),
        bands=(),
        idle=frame.idle(),
        guides=CPU_GUIDES,
        ticks=frame.ticks(),
        changes=frame.changes(),
        failures=(),
        windows=frame.places(frame.report.windows),
        boosted=frame.places(frame.report.boosted),
    )


def _describe_memory(frame: Frame) -> str:
    buckets = frame.report.buckets
    found = highest(buckets, _used)
    if found is None:
        return describe_nothing(frame.report.buckets)
    of = f" of {_round(found[1].memory_total_gb)}" if found[1].memory_total_gb else ""
    failed = round(sum(item.memory_failures or 0 for item in buckets))
    idle = sum(not item.is_awake for item in buckets) * frame.step / 3600
    return (
        f"Highest {_round(found[0])}{of} GB, at {local_label(frame, found[1].starts_at)}. "
        f"Queries that failed for memory: {failed}. Hours without work: {idle:.0f}. "
        f"Changes: {len(frame.changes())}."
    )


def _describe_stretches(report: LoadReport) -> str:
    names = Counter(it.name for it in report.windows)
    told = ", ".join(f"“{name}” {number}" for name, number in names.items())
    return f"Boosts: {len(report.boosted)}. Windows of the schedule: {told or 'none'}."


def _used(item: Bucket) -> float | None:
    return item.memory_used_gb


def _total(item: Bucket) -> float | None:
    return item.memory_total_gb


def _cells(item: Bucket) -> tuple[str, ...]:
    cpu = UNKNOWN if item.cpu_share is None else f"{100 * item.cpu_share:.0f}"
    return (
        _round(item.memory_used_gb),
        _round(item.memory_total_gb),
        cpu,
        _round(item.queries),
        _round(item.memory_failures),
        str(item.replicas),
    )


def _round(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.1f}".removesuffix(".0")
