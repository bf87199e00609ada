"""How the portal's own Cloud key is: works, sees what it should, ends when, may how much."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import SecretStr

from app.cloud.client import CloudClient
from app.cloud.parsing.keys import ApiKey
from app.cloud.snapshot import Snapshot
from app.domain.groups.difference import Difference, compare
from app.errors import CloudError, CloudKeyRefused
from app.services.access.policy import Policy

EXPIRY_WARNING = timedelta(days=14)
POWERFUL_ROLES = {"Admin", "Developer"}
"""Cloud's predefined roles that may do far more than read services and scale them."""


@dataclass(frozen=True)
class KeyCheck:
    """One thing about the key: fine or not, in words."""

    is_fine: bool
    words: str


@dataclass(frozen=True)
class KeyHealth:
    """Looks at the key with the key itself."""

    policy: Policy
    client: CloudClient
    snapshot: Snapshot
    key_id: SecretStr
    now: Callable[[], datetime]

    def list_checks(self) -> tuple[KeyCheck, ...]:
        """Everything worth knowing, worst and best alike."""
        self.client.forget_key_rejections()  # whoever looks here may just have cured it
        view = self.snapshot.view(is_waiting=True)
        if isinstance(view.error, CloudKeyRefused):
            return (KeyCheck(False, f"The key does not work. {view.error.message}"),)
        if view.error:
            return (KeyCheck(False, f"The key cannot be checked. {view.error.message}"),)
        return (
            KeyCheck(True, f"The key works and sees {len(view.services)} services."),
            *self._missing(),
            *self._details(),
        )

    def compare_file(self) -> Difference | None:
        """How the file of groups differs from what Cloud shows; None while it was never read."""
        view = self.snapshot.view()
        if view.taken_at is None:
            return None
        return compare(self.policy.catalog, view.services)

    def _missing(self) -> list[KeyCheck]:
        services = self.snapshot.view().services
        groups = self.policy.catalog.all_groups()
        return [
            KeyCheck(False, f"“{group.name}” is not visible to the key.")
            for group in groups
            if group.service_id not in services
        ]

    def _details(self) -> list[KeyCheck]:
        try:
            key = self.client.find_key(self.key_id.get_secret_value())
        except CloudKeyRefused:
            return [KeyCheck(True, "The key may not read keys, so its own expiry is not known.")]
        except CloudError as error:
            return [KeyCheck(False, f"The key's details cannot be read. {error.message}")]
        if key is None:
            return [KeyCheck(True, "The key is not in the list that it may read.")]
        return list(judge_key(key, self.now()))


def judge_key(key: ApiKey, now: datetime) -> Iterator[KeyCheck]:
    """Until when the key works, from where it can be used, and how much it may do."""
    yield _expiry(key, now)
    yield _sources(key)
    yield _roles(key)


def _expiry(key: ApiKey, now: datetime) -> KeyCheck:
    if not key.is_expiry_known:
        return KeyCheck(False, "Until when the key works cannot be read.")
    if key.expires_at is None:
        return KeyCheck(False, "The key never expires. Give it an expiry date.")
    left = key.expires_at - now
    if left < timedelta():
        return KeyCheck(False, "The key has expired. Give the portal a new one.")
    return KeyCheck(left > EXPIRY_WARNING, f"The key expires in {left.days} days.")


def _sources(key: ApiKey) -> KeyCheck:
    if key.sources is None:
        return KeyCheck(False, "From where the key can be used cannot be read.")
    if not key.sources or "0.0.0.0/0" in key.sources:
        return KeyCheck(False, "The key can be used from anywhere. Give it an IP access list.")
    return KeyCheck(True, f"The key can be used from {', '.join(key.sources)} only.")


def _roles(key: ApiKey) -> KeyCheck:
    roles = ", ".join(key.roles) or "none named"
    if POWERFUL_ROLES & set(key.roles):
        return KeyCheck(False, f"The key may do more than the portal needs (roles: {roles}).")
    return KeyCheck(True, f"The key's roles: {roles}.")
