"""The record of every request received: enough to prove what a client did, and no secret."""

import math
import threading
from collections import deque
from typing import Any
from urllib.parse import parse_qsl, urlencode

from app.sandbox.tokens import TOKENS
from app.sandbox.world import FURTHER_USERS, KEY_SECRET, USERS

KEPT = 20_000
HIDDEN = "[hidden]"
DEEPEST, TOO_DEEP = 20, "[too deep]"
TELLTALES = ("password", "secret", "key", "token")
PASSWORDS = tuple(user.password for users in (*USERS.values(), FURTHER_USERS) for user in users)
SECRETS = (KEY_SECRET, *PASSWORDS, *(token.text for token in TOKENS))


class Recorder:
    """Requests in the order of their arrival. An answer's status is added when it is known."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def open(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Record a request that has arrived; `status` stays None if it is never answered."""
        clean = {**entry, "body": hide(entry["body"]), "path": hide_query(entry["path"])}
        clean |= {name: hide(entry[name]) for name in ("service_id", "user_agent")}
        with self._lock:
            self._seen.append(clean)
        return clean

    def close(self, entry: dict[str, Any], status: int | None) -> None:
        """Note how a request was answered."""
        with self._lock:
            entry["status"] = status

    def list_all(self) -> list[dict[str, Any]]:
        """Return a copy of everything recorded, oldest first."""
        with self._lock:
            return [dict(entry) for entry in self._seen]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._seen.clear()


def hide(value: object, depth: int = 0) -> object:
    """Copy a JSON value without what looks like a password or key, by name or by content."""
    if depth > DEEPEST:
        return TOO_DEEP
    if isinstance(value, dict):
        return {_scrub(k): HIDDEN if _tells(k) else hide(v, depth + 1) for k, v in value.items()}
    if isinstance(value, list):
        return [hide(item, depth + 1) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # 1e999 is JSON, infinity is not
    return _scrub(value) if isinstance(value, str) else value


def hide_query(target: str) -> str:
    """Copy a path with its query, without passwords in it."""
    path, mark, query = target.partition("?")
    if not mark:
        return _scrub(path)
    pairs = parse_qsl(query, keep_blank_values=True)
    shown = [(name, HIDDEN if _tells(name) else _scrub(value)) for name, value in pairs]
    return f"{_scrub(path)}?{urlencode(shown, safe='[]')}"


def _tells(name: str) -> bool:
    return any(word in name.lower() for word in TELLTALES)


def _scrub(text: str) -> str:
    for secret in SECRETS:
        text = text.replace(secret, HIDDEN)
    return text
