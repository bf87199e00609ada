"""What is sent for the options that say a size."""

import json
from typing import Any

import pytest
import responses
from click.testing import CliRunner

from app.client.main import cgp

URL = "https://portal.example.com"
ID = "11111111-1111-1111-1111-111111111111"
ENVIRON = {"CGP_URL": URL, "CGP_TOKEN": "cgp_x", "CGP_CONFIG": "/nowhere"}
CONFIGURED = {
    "min_memory_gb": 16,
    "max_memory_gb": 32,
    "min_replicas": 1,
    "max_replicas": 1,
    "mode": "vertical",
}


@responses.activate
@pytest.mark.parametrize(
    ("words", "size"),
    [
        (("--memory", "64"), {"min_memory_gb": 64, "max_memory_gb": 64}),
        (
            ("--memory", "64", "--replicas", "3"),
            {"min_memory_gb": 64, "max_memory_gb": 64, "num_replicas": 3},
        ),
        (("--memory", "64", "--max-memory", "128"), {"min_memory_gb": 64, "max_memory_gb": 128}),
        (("--replicas", "3"), {"min_memory_gb": 16, "max_memory_gb": 32, "num_replicas": 3}),
    ],
)
def test_a_boost_asks_for_all_that_was_said(words: tuple[str, ...], size: dict[str, Any]) -> None:
    group = {"service_id": ID, "name": "G", "configured": CONFIGURED, "boost": None}
    responses.get(f"{URL}/api/v1/groups/{ID}", json=group)
    sent = responses.post(f"{URL}/api/v1/groups/{ID}/boosts", json={"message": "nothing"})
    CliRunner().invoke(cgp, ["boost", ID, *words, "--for", "2h"], env=ENVIRON)
    assert json.loads(sent.calls[0].request.body or "{}") == size | {"minutes": 120}
