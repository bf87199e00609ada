"""Working stand-ins for Cloud, the credential check and the clock, which note what was asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import SecretStr

from app.clickhouse.verifier import CredentialVerifier, VerifiedUser
from app.cloud.client import CloudClient, Receipt
from app.cloud.snapshot import Snapshot, View
from app.domain.changes import Change
from app.domain.groups import Service
from app.domain.scaling import PATCHED_FIELDS
from app.errors import CredentialRefusal, CredentialsRefused
from app.store.changes import ChangeStore, Outcome
from tests.unit.builders import NOW, make_service


class Clock:
    """A clock that the tests move."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.time += timedelta(seconds=seconds)


class FakeCloud(CloudClient):
    """One service that takes patches. `get_error` and `patch_error` are raised instead.

    With `patch_error`, `does_it_anyway` decides whether the change happens all the same.
    """

    def __init__(self, log: list[str], service: Service | None = None) -> None:
        self.log = log
        self.service = service or make_service()
        self.patches: list[dict[str, int | bool]] = []
        self.get_error: Exception | None = None
        self.patch_error: Exception | None = None
        self.does_it_anyway = False
        self.while_reading: Callable[[], None] = lambda: None

    def get_service(self, service_id: str) -> Service:
        """Read the service."""
        self.log.append("read")
        assert service_id == self.service.service_id
        self.while_reading()
        if self.get_error:
            raise self.get_error
        return self.service

    def update_scaling(self, service_id: str, patch: Mapping[str, int | bool]) -> Receipt:
        """Take the patch."""
        self.log.append("patch")
        assert service_id == self.service.service_id
        self.patches.append(dict(patch))
        if self.patch_error is None or self.does_it_anyway:
            self.configure(patch)
        if self.patch_error:
            raise self.patch_error
        return Receipt(self.service, "request-1")

    def configure(self, patch: Mapping[str, int | bool]) -> None:
        """What the service is configured with, changed by whomever."""
        was = self.service.configured
        assert was is not None
        fields = {PATCHED_FIELDS[name]: value for name, value in patch.items()}
        if "numReplicas" in patch:
            fields["min_replicas"] = patch["numReplicas"]
        if "minReplicas" in patch:
            fields["min_replicas"] = patch["minReplicas"]
        self.service = self.service.with_configured(was.model_copy(update=fields))


class FakeSnapshot(Snapshot):
    """A view that the tests set; `put` notes what it was told."""

    def __init__(self, *services: Service, taken_at: datetime | None = NOW) -> None:
        self.told: list[Service] = []
        self.show(*services, taken_at=taken_at)

    def show(self, *services: Service, taken_at: datetime | None) -> None:
        """What Cloud is known to say, since when."""
        self.shown = View({item.service_id: item for item in services}, taken_at)

    def view(self) -> View:
        """What was set."""
        return self.shown

    def put(self, service: Service) -> None:
        """Note it."""
        self.told.append(service)


@dataclass(frozen=True)
class Ledger(ChangeStore):
    """The real ledger, which also notes in which order it was written."""

    log: list[str] = field(default_factory=list)

    def claim(self, reference: str, now: datetime) -> bool:
        """Note it, then do it."""
        self.log.append("intent")
        return super().claim(reference, now)

    def release(self, reference: str) -> None:
        """Note it, then do it."""
        self.log.append("release")
        super().release(reference)

    def mark_unknown(self, reference: str, note: str, request_id: str | None) -> None:
        """Note it, then do it."""
        self.log.append("unknown")
        super().mark_unknown(reference, note, request_id)

    def settle(self, reference: str, outcome: Outcome, now: datetime) -> bool:
        """Note it, then do it."""
        self.log.append(f"outcome {outcome.state}")
        return super().settle(reference, outcome, now)

    def get(self, reference: str) -> Change:
        """The change, which must be there."""
        change = self.find_change(reference)
        assert change is not None
        return change


class FakeVerifier(CredentialVerifier):
    """Knows one password, or refuses for a reason; notes where each check went."""

    def __init__(self, password: str, roles: frozenset[str]) -> None:
        self.password = password
        self.roles = roles
        self.refusal: CredentialRefusal | None = None
        self.asked: list[tuple[str, bool]] = []

    def verify(
        self, *, endpoint_url: str, user: str, password: SecretStr, is_waking: bool = False
    ) -> VerifiedUser:
        """Check the password."""
        self.asked.append((endpoint_url, is_waking))
        if self.refusal:
            raise CredentialsRefused(self.refusal)
        if password.get_secret_value() != self.password:
            raise CredentialsRefused(CredentialRefusal.WRONG_CREDENTIALS)
        return VerifiedUser(user, self.roles, None)
