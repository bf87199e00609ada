"""Proving the one user of a warehouse whose password the file of groups holds."""

import hmac
from hashlib import sha256

from pydantic import SecretStr
from werkzeug.security import check_password_hash

from app.domain.groups.catalog import LocalUser, WarehouseDefinition
from app.errors import CredentialRefusal
from app.services.sign_in.verifiers.refusals import refused
from app.services.sign_in.verifiers.verification import Credentials


class LocalUserVerifier:
    """Implements `CredentialVerifier` for warehouses with a `local_user`."""

    def verify(self, warehouse: WarehouseDefinition, given: Credentials) -> None:
        """None: which roles ClickHouse would enable is not known. Raises SignInRefused."""
        local = warehouse.local_user
        if local is None or not is_proven(local, given.user, given.password):
            raise refused(CredentialRefusal.WRONG_CREDENTIALS, is_guess=True)


def is_proven(local: LocalUser, user: str, password: SecretStr) -> bool:
    """Whether both are right. A wrong name takes the same time as a wrong password."""
    given, stored = password.get_secret_value(), local.secret.get_secret_value()
    is_right = _fits(stored, given) if local.is_hash else _is_same(stored, given)
    return _is_same(local.name, user) and is_right


def _fits(stored: str, given: str) -> bool:
    try:
        return check_password_hash(stored, given)
    except UnicodeEncodeError:  # half of a surrogate pair: nobody's password
        return False


def _is_same(one: str, other: str) -> bool:
    # By their digests, so that the length does not show either.
    return hmac.compare_digest(_digest(one), _digest(other))


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()
