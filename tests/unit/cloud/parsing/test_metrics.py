"""Cloud's metrics of one service: what they say, and that nothing else can break more than them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cloud.parsing.metrics import GIB, METRICS, parse_metrics
from app.domain.load.samples import Activity, Counters, ReplicaSample, Sample
from app.errors import CloudAnswerLost

INFO = (
    'ClickHouse_ServiceInfo{clickhouse_service="x",clickhouse_cluster_status="%s",scrape="%s"} 1\n'
)
TWO = "".join(
    f'# TYPE {name} gauge\n{name}{{hostname="a"}} {value}\n{name}{{hostname="b"}} {value / 2}\n'
    for name, value in {
        "ClickHouseAsyncMetrics_CGroupMemoryUsed": 12 * GIB,
        "ClickHouseAsyncMetrics_CGroupMemoryTotal": 16 * GIB,
        "ClickHouseAsyncMetrics_CGroupUserTimeNormalized": 0.5,
        "ClickHouseAsyncMetrics_CGroupSystemTimeNormalized": 0.1,
        "ClickHouseAsyncMetrics_CGroupMaxCPU": 4,
        "ClickHouseMetrics_Query": 8,
        "ClickHouseProfileEvents_QueryMemoryLimitExceeded": 20,
        "ClickHouseProfileEvents_FailedQuery": 30,
        "ClickHouseMetrics_Merge": 7,
    }.items()
)


def test_each_replica_says_what_it_has() -> None:
    sample = parse_metrics(INFO % ("running", "full") + TWO)
    assert sample.activity is Activity.AWAKE
    assert sample.replicas == (
        ReplicaSample("a", 12, 16, 0.6, 4, 8, Counters(20, 30)),
        ReplicaSample("b", 6, 8, 0.3, 2, 4, Counters(10, 15)),
    )


@pytest.mark.parametrize(("status", "activity"), [("idle", Activity.IDLE), ("stopped", 0)])
def test_an_idle_group_gives_its_state_alone(status: str, activity: Activity) -> None:
    assert parse_metrics(INFO % (status, "full")) == Sample(activity)


@pytest.mark.parametrize(("status", "scrape"), [("running", "partial"), ("awaking", "full")])
def test_an_answer_in_part_does_not_tell_whether_the_group_works(status: str, scrape: str) -> None:
    assert parse_metrics(INFO % (status, scrape)) == Sample(None)


def test_names_with_quotes_line_ends_and_emoji_are_read() -> None:
    odd = r'clickhouse_service_name="a \"b\" \\ \n{c=\"1\"} 🚀' + "\x85\u2028" + '"'
    text = INFO.replace('clickhouse_service="x"', odd) % ("running", "full")
    text += f'ClickHouseMetrics_Query{{{odd},hostname="🐘 \\"1\\""}} 3\n'
    assert parse_metrics(text).replicas == (ReplicaSample('🐘 "1"', queries=3),)


@pytest.mark.parametrize("value", ["NaN", "+Inf", "-Inf", "-3", "1e300"])
def test_a_figure_that_cannot_be_is_missing(value: str) -> None:
    text = INFO % ("running", "full") + f"ClickHouseMetrics_Query{{}} {value}\n"
    assert parse_metrics(text) == Sample(None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "{}",
        '{"status": 200, "result": {}}',
        "<html>busy</html>",
        TWO,
        "ClickHouse_ServiceInfo{",
        "ClickHouse_ServiceInfo",
        'ClickHouse_ServiceInfo{clickhouse_cluster_status="idle"} x',
        INFO % ("running", "full") + "ClickHouseMetrics_Query{a=\n",
    ],
)
def test_what_is_no_such_text_is_an_upstream_error(text: str) -> None:
    with pytest.raises(CloudAnswerLost):
        parse_metrics(text)


@given(
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from(sorted(METRICS)), st.text()).map("".join),
            st.tuples(
                st.sampled_from(sorted(METRICS)), st.just("{"), st.text(), st.just("} 1")
            ).map("".join),
            st.text(),
        )
    )
)
def test_whatever_comes_is_a_sample_or_an_upstream_error(lines: list[str]) -> None:
    try:
        parse_metrics("\n".join([INFO % ("running", "full"), *lines]))
    except CloudAnswerLost:
        return
