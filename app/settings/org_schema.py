"""The shape of `configs/org_config.yaml`, key by key, as pydantic models."""

from pydantic import Field

from app.settings.access_entries import RuleEntry
from app.settings.entry_types import Count, Entry, Line, ServiceId, Slug, Stated, Text, TimeZone
from app.settings.limit_entries import LimitsEntry, PriceEntry
from app.settings.preset_entries import Presets


class PortalEntry(Entry):
    """`portal`: how the portal presents itself, and limits and presets for every group."""

    title: Line = "Compute groups"
    time_zone: TimeZone = "UTC"
    contact: Line = "the people who run this portal"
    note: Stated[Text] = None
    price: Stated[PriceEntry] = None
    limits: LimitsEntry = LimitsEntry()
    presets: Presets = None


class GroupEntry(Entry):
    """An item of `groups`: one service, as a compute group."""

    service_id: ServiceId
    name: Line
    access: list[RuleEntry] = Field(default=[])
    limits: LimitsEntry = LimitsEntry()
    presets: Presets = None


class WarehouseEntry(Entry):
    """An item of `warehouses`; its `access`, `limits` and `presets` hold for every group.

    `max_replicas` bounds the replicas of all its groups together.
    """

    key: Slug
    name: Line
    sign_in_service_id: ServiceId | None = None
    max_replicas: Stated[Count] = None
    access: list[RuleEntry] = Field(default=[])
    limits: LimitsEntry = LimitsEntry()
    presets: Presets = None
    groups: list[GroupEntry] = Field(min_length=1)


class ConfigFile(Entry):
    """The whole file."""

    portal: PortalEntry = PortalEntry()
    warehouses: list[WarehouseEntry] = Field(min_length=1)
