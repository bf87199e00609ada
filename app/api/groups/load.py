"""The load of a group, from and for programs."""

from datetime import UTC, datetime
from typing import Literal

from flask import request

from app.api.groups.models import AdviceAnswer, LoadAnswer, LoadStepAnswer
from app.domain.load.advice import Advice
from app.domain.load.advice_words import describe
from app.domain.load.buckets import Bucket
from app.domain.load.samples import Activity
from app.domain.load.spans import Span
from app.domain.messages import problem
from app.errors import BrokenRules
from app.services.load.reports import LoadReport

ACTIVITIES: dict[Activity, Literal["awake", "idle", "stopped"]] = {
    Activity.AWAKE: "awake",
    Activity.IDLE: "idle",
    Activity.STOPPED: "stopped",
}


def parse_span() -> Span:
    """How far back somebody asks for. Raises BrokenRules."""
    text = request.args.get("span", Span.DAY.value)
    if text not in set(Span):
        raise BrokenRules((problem("span", "span_unknown"),))
    return Span(text)


def show_report(report: LoadReport) -> LoadAnswer:
    """The answer."""
    advice = report.advice if isinstance(report.advice, Advice) else None
    return LoadAnswer(
        service_id=report.group.service_id,
        span=report.span,
        step_seconds=report.span.step_seconds,
        steps=[_show_step(bucket) for bucket in report.buckets],
        advice=_show_advice(advice) if advice else None,
        silence=None if isinstance(report.advice, Advice) else report.advice,
        fault=report.error or None,
    )


def _show_advice(advice: Advice) -> AdviceAnswer:
    return AdviceAnswer(kind=advice.kind, words=describe(advice), target=advice.target)


def _show_step(bucket: Bucket) -> LoadStepAnswer:
    return LoadStepAnswer(
        starts_at=datetime.fromtimestamp(bucket.starts_at, UTC),
        activity=ACTIVITIES[bucket.activity],
        memory_used_gb=bucket.memory_used_gb,
        memory_total_gb=bucket.memory_total_gb,
        cpu_share=bucket.cpu_share,
        cpu_share_least=bucket.cpu_share_least,
        cpu_cores=bucket.cpu_cores,
        queries=bucket.queries,
        memory_failures=bucket.memory_failures,
        failed_queries=bucket.failed_queries,
        replicas=bucket.replicas,
        min_memory_gb=bucket.min_gb,
        max_memory_gb=bucket.max_gb,
    )
