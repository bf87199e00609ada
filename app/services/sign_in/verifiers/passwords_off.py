"""Where people come by the company's sign-in, a password proves nobody."""

from app.domain.groups.catalog import WarehouseDefinition
from app.errors import CredentialRefusal
from app.services.sign_in.verifiers.refusals import refused
from app.services.sign_in.verifiers.verification import Credentials, CredentialVerifier


class PasswordsOff:
    """Implements `CredentialVerifier` for warehouses that take no passwords."""

    def verify(
        self,
        warehouse: WarehouseDefinition,  # noqa: ARG002 - as the protocol says
        given: Credentials,  # noqa: ARG002 - the same
    ) -> frozenset[str]:
        """Raises SignInRefused, and asks nobody."""
        raise refused(CredentialRefusal.PASSWORDS_OFF)


class OwnNamesOnly:
    """A verifier that never sees the name of somebody whom the company's sign-in proves."""

    def __init__(self, verifier: CredentialVerifier) -> None:
        self._verifier = verifier

    def verify(self, warehouse: WarehouseDefinition, given: Credentials) -> frozenset[str] | None:
        """Raises SignInRefused for such a name, as for a wrong password."""
        if warehouse.is_of_company(given.user):
            raise refused(CredentialRefusal.WRONG_CREDENTIALS, is_guess=True)
        return self._verifier.verify(warehouse, given)
