"""What ClickHouse Cloud may send, and what it hardly would: JSON of any shape, for properties."""

import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from([0, -1, -8, 8, 16, 16.0, 16.5, "16", 10**400, 1e308, "", "\ud800"]),
)

ANY_JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8) | st.sampled_from(["id", "state"]), inner, max_size=4)
    ),
    max_leaves=10,
)

STATES = ["running", "idle", "stopped", "stopping", "awaking", "partially_running", "failed"]
COUNTS = st.sampled_from([0, 1, 3, 3.0, 50, 51, -1, "3", None, 2.5, 10**400])
SIZES = st.sampled_from([0, 4, 8, 16, 16.0, 30, 356, 16.5, -8, "16", None, 10**400, 1e300])
MODES = st.sampled_from(["vertical", "horizontal", "diagonal", None, "", 5])
SWITCHES = st.sampled_from([True, False, None, "yes"])
MINUTES = st.sampled_from([None, 0, 5, 5.0, 15, -1, 7.5, 10**12, "15"])
MOMENTS = st.sampled_from(
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-26T07:00:00Z", "", None]
)
WORDS = st.sampled_from(["v1-default", "v1-highmem-xs", "<b>", "", None, 5])
HOSTS = st.sampled_from(["a.example.test", "[", "::1", "a b/c@d", ""])
CURRENT = st.fixed_dictionaries(
    {},
    optional={
        "effectiveAutoscalingMode": MODES,
        "effectiveMinReplicaMemoryGb": SIZES,
        "effectiveMaxReplicaMemoryGb": SIZES,
        "effectiveMinReplicas": COUNTS,
        "effectiveMaxReplicas": COUNTS,
        "effectiveIdleScaling": SWITCHES,
        "effectiveIdleTimeoutMinutes": MINUTES,
        "activeEntryId": st.none() | st.just("e1"),
    },
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "autoscalingMode": MODES,
    "minReplicaMemoryGb": SIZES,
    "maxReplicaMemoryGb": SIZES,
    "replicaMemoryGb": SIZES,
    "numReplicas": COUNTS,
    "minReplicas": COUNTS,
    "maxReplicas": COUNTS,
    "idleScaling": SWITCHES,
    "idleTimeoutMinutes": MINUTES,
    "currentScaling": CURRENT,
    "createdAt": MOMENTS,
    "profile": WORDS,
    "region": WORDS,
    "byocId": st.none() | st.sampled_from(["byoc-1", "", 5]),
    "endpoints": st.lists(
        st.fixed_dictionaries(
            {}, optional={"protocol": WORDS, "host": HOSTS, "port": COUNTS | st.just(8443)}
        ),
        max_size=2,
    ),
}


@st.composite
def odd_services(draw: st.DrawFn, base: dict[str, Any]) -> dict[str, Any]:
    """A service like `base`, some of its fields odd, anything at all, or gone; it keeps its id."""
    service = base | {"state": draw(st.sampled_from([*STATES, "hibernating", None]) | ANY_JSON)}
    for name in draw(st.lists(st.sampled_from([*FIELDS, *base]), max_size=10, unique=True)):
        service[name] = draw(FIELDS[name] | ANY_JSON if name in FIELDS else ANY_JSON)
    for name in draw(st.lists(st.sampled_from(list(service)), max_size=2)):
        service.pop(name, None)
    return service | {"id": base["id"]}


FEW = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
"""For every run of the tests: always the same examples."""

MANY = settings(FEW, max_examples=10_000, derandomize="CI" in os.environ)
"""For `make fuzz`: always others, except where a red run would hold up what somebody else did."""
