"""The one shape of every way to check who somebody is, and what is typed for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pydantic import SecretStr

from app.domain.groups.catalog import WarehouseDefinition
from app.services.sign_in.second_factor import has_code


@dataclass(frozen=True)
class Credentials:
    """What somebody typed, and from where; `purpose` is what the audit log calls the attempt."""

    warehouse: str
    user: str
    password: SecretStr
    address: str
    wake_service_id: str | None = None
    purpose: str = "sign_in"

    @property
    def has_code(self) -> bool:
        """Whether the code of a second factor stands behind the password."""
        return has_code(self.password)


class CredentialVerifier(Protocol):
    """One way to prove a user of a warehouse."""

    def verify(self, warehouse: WarehouseDefinition, given: Credentials) -> frozenset[str] | None:
        """The roles that are enabled for the proven user; None where that is not known.

        Raises SignInRefused, with `is_guess` where the password was looked at and was wrong or
        counted; StoreUnavailable.
        """
        ...


VerifierChoice = Callable[[WarehouseDefinition], CredentialVerifier]
"""Which way proves the users of a warehouse."""


def choose_verifier(
    *,
    clickhouse: CredentialVerifier,
    local_user: CredentialVerifier,
    passwords_off: CredentialVerifier,
) -> VerifierChoice:
    """ClickHouse, except for the warehouse whose one user's password the file of groups holds, and
    nobody where passwords are off."""

    def choose(warehouse: WarehouseDefinition) -> CredentialVerifier:
        if not warehouse.takes_passwords:
            return passwords_off
        return local_user if warehouse.local_user else clickhouse

    return choose
