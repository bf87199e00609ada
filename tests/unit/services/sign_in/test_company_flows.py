"""When a trip to the company's sign-in counts that perhaps another process has begun."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from app.errors import ProviderRefusal, ProviderRefused
from app.services.sign_in.company_flows import FLOW_SECONDS, SIGN_IN, Flow, Flows
from tests.unit.builders import NOW
from tests.unit.services.throttles import attempts_in

FLOW = Flow("analytics", "acme", SIGN_IN, NOW.timestamp())


@pytest.mark.parametrize(
    ("age_seconds", "counts"),
    [(0, True), (FLOW_SECONDS, True), (FLOW_SECONDS + 1, False), (-60, True), (-61, False)],
)
def test_a_flow_counts_for_ten_minutes_by_clocks_that_are_a_small_step_apart(
    engine: Engine, age_seconds: int, counts: bool
) -> None:
    flow = replace(FLOW, began_at=NOW.timestamp() - age_seconds)
    flows = Flows(attempts_in(engine))
    if counts:
        assert flows.take(flow.to_cookie(), flow.secrets.state, NOW) == flow
    with pytest.raises(ProviderRefused) as caught:  # or the second time
        flows.take(flow.to_cookie(), flow.secrets.state, NOW)
    assert caught.value.refusal is ProviderRefusal.BAD_STATE
