"""Under which name the log and the audit log keep somebody who has proven nothing.

People type passwords where the name belongs. So a name that has never signed in anywhere, and that
no settings name either, is kept as a keyed hash only: alike for the same text, and told to nobody.
"""

import hashlib
import hmac
from dataclasses import dataclass

from pydantic import SecretStr

from app.domain.access.matrix import all_rules
from app.domain.audit.events import Actor
from app.domain.groups.catalog import WarehouseDefinition
from app.services.access.policy import Policy
from app.services.audit.recorder import claimed
from app.services.sign_in.administrator import NO_WAREHOUSE, Administrator
from app.services.sign_in.throttling.known_addresses import KnownAddresses

HEX_DIGITS = 16


@dataclass(frozen=True)
class ClaimedNames:
    """Decides it; `key` is the portal's secret key."""

    key: SecretStr
    policy: Policy
    trust: KnownAddresses
    administrator: Administrator | None

    def actor(self, warehouse: str, user: str) -> Actor:
        """Who somebody says to be, as far as that may be kept."""
        if self._is_known(user):
            return claimed(warehouse, user)
        return claimed(warehouse, f"unknown name #{self._mark(user)}")

    def _is_known(self, user: str) -> bool:
        # In any warehouse: somebody who chose the wrong one typed a name all the same.
        if self.administrator and user == self.administrator.username:
            return True
        warehouses = self.policy.catalog.warehouses
        return any(_is_named(item, user) for item in warehouses) or any(
            self.trust.has_signed_in((key, user))
            for key in (NO_WAREHOUSE, *(item.key for item in warehouses))
        )

    def _mark(self, user: str) -> str:
        text = f"unknown name\n{user}".encode("utf-8", "surrogatepass")
        key = self.key.get_secret_value().encode()
        return hmac.new(key, text, hashlib.sha256).hexdigest()[:HEX_DIGITS]


def _is_named(warehouse: WarehouseDefinition, user: str) -> bool:
    local = warehouse.local_user
    is_local = local is not None and user == local.name
    return is_local or any(user in rule.users for rule in all_rules(warehouse))
