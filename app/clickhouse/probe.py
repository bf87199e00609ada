"""Whether ClickHouse answers at an endpoint, found out without a user and without a password."""

import requests

from app.clickhouse.endpoints import check_endpoint_url
from app.clickhouse.exchange import exchange
from app.errors import CredentialRefusal

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
PONG = b"Ok.\n"
"""What every ClickHouse answers to `GET /ping`, whoever asks."""


def find_obstacle(endpoint_url: str) -> CredentialRefusal | None:
    """Why no password could be checked there; None if ClickHouse answers.

    Connecting wakes an idle service: the caller chooses one that is up. Raises ValueError for an
    address that no password may be sent to.
    """
    check_endpoint_url(endpoint_url)
    answer = exchange(
        requests.Request("GET", f"{endpoint_url}/ping", headers={"Connection": "close"}),
        timeouts_seconds=(CONNECT_SECONDS, ANSWER_SECONDS),
        on_timeout=CredentialRefusal.UNREACHABLE,
        is_enough=lambda _code: True,
    )
    if isinstance(answer, CredentialRefusal):
        return answer
    is_clickhouse = answer.status == 200 and answer.body == PONG
    return None if is_clickhouse else CredentialRefusal.NOT_CLICKHOUSE
