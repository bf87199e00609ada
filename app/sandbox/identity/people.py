"""Whom the provider knows: published by design, passwords too."""

from typing import Any

CLIENT_ID = "portal"
CLIENT_SECRET = "published-secret-of-the-portal-at-its-provider"

PEOPLE: dict[str, dict[str, Any]] = {
    "erin": {
        "email": "erin@sandbox.example",
        "email_verified": True,
        "groups": ["analytics_viewer"],
        "roles": ["analytics_operator", "analytics_viewer"],
    },
    "gail": {
        "email": "gail@sandbox.example",
        "email_verified": True,
        "groups": ["analytics_viewer"],
        "roles": ["analytics_viewer"],
    },
    "frank": {
        "email": "frank@sandbox.example",
        "email_verified": True,
        "groups": ["nothing_here"],
        "roles": [],
    },
}
"""Name -> claims. `roles` stand in the access token, for ClickHouse; `groups` in the ID token."""


def password_of(name: str) -> str:
    """What somebody types beside the name."""
    return f"{name}-sandbox-1"
