"""Whether somebody could still sign in, by the rules in force: for sessions and tokens alike."""

from dataclasses import dataclass

from app.domain.access.permissions import Identity
from app.domain.groups.catalog import WarehouseDefinition
from app.services.access.policy import Policy
from app.store.sign_in.company_people import CompanyPeopleStore


@dataclass(frozen=True)
class WaysIn:
    """Judges it by the name, since a name says whether a company's sign-in proves it."""

    policy: Policy
    people: CompanyPeopleStore

    def is_open_to(self, identity: Identity) -> bool:
        """Whether the way by which this person came is open still; of a warehouse that the file no
        longer names there is nothing to see in any case. Raises StoreUnavailable."""
        warehouse = self.policy.catalog.find_warehouse(identity.warehouse)
        return warehouse is None or self._is_open(warehouse, identity.user)

    def _is_open(self, warehouse: WarehouseDefinition, user: str) -> bool:
        local = warehouse.local_user
        if local is not None and local.name != user:
            return False
        if warehouse.is_of_company(user):
            return warehouse.company is not None
        # A colon is in every name of a company's sign-in, so that other names cost no query.
        return warehouse.takes_passwords and not (":" in user and self.people.is_named(user))
