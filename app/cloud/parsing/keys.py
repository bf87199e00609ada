"""What Cloud says of an API key: until when it works, from where, and what it may."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.cloud.transport.answers import clean_text, lost

SUFFIX_LENGTH = 4


@dataclass(frozen=True)
class ApiKey:
    """One key. `expires_at` None: never; `sources` empty: usable from anywhere.

    `is_expiry_known` is False where Cloud's time cannot be read; `sources` is None where it gives
    no list.
    """

    name: str
    expires_at: datetime | None
    sources: tuple[str, ...] | None
    roles: tuple[str, ...]
    is_expiry_known: bool = True


def find_key(value: object, key_id: str) -> ApiKey | None:
    """The key with this id, by the last letters that Cloud shows. Raises CloudAnswerLost."""
    if not isinstance(value, list):
        raise lost("ClickHouse Cloud described its keys in a way that makes no sense.")
    suffix = key_id[-SUFFIX_LENGTH:]
    for item in value:
        if isinstance(item, dict) and item.get("keySuffix") == suffix:
            return _parse_key(item)
    return None


def _parse_key(item: dict[str, Any]) -> ApiKey:
    expiry, sources = item.get("expireAt"), item.get("ipAccessList")
    expires_at = _parse_time(expiry)
    return ApiKey(
        name=clean_text(item.get("name")),
        expires_at=expires_at,
        sources=_texts(sources, "source") if isinstance(sources, list) else None,
        roles=_texts(item.get("assignedRoles"), "roleName"),
        is_expiry_known=expiry is None or expires_at is not None,
    )


def _texts(value: object, name: str) -> tuple[str, ...]:
    items = value if isinstance(value, list) else []
    return tuple(clean_text(item.get(name)) for item in items if isinstance(item, dict))


def _parse_time(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
