"""The portal's own shape of `configs/org_config.yaml`: pydantic models that build the catalog."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import BeforeValidator, Field

from app.domain.access.permissions import AccessRule
from app.domain.groups.catalog import (
    About,
    Catalog,
    GroupDefinition,
    Presentation,
    Tags,
    TagsByService,
    WarehouseDefinition,
)
from app.domain.identity_providers import IdentityProvider, RolesFrom, SignInWay
from app.settings.org.faults import Entry, Fault, explain_unknown, format_path
from app.settings.org.levels import (
    TERRAFORM,
    LevelEntry,
    TagEntry,
    TemplateEntry,
    nearest,
    view_only_rules,
)
from app.settings.org.limits import (
    InheritedLevels,
    Level,
    LimitsEntry,
    Presets,
    PriceEntry,
    inherit,
)
from app.settings.org.listed import ShownAsList, index_warehouses
from app.settings.org.providers import ProviderEntry, Source, Way
from app.settings.org.rules import PeopleEntry, RuleEntry, by_path, to_rules
from app.settings.org.schedules import SchedulesEntry
from app.settings.org.values import (
    Count,
    Label,
    Line,
    ServiceId,
    Slug,
    Stated,
    Text,
    TimeZone,
)

NO_TAGS: TagsByService = {}
MOST_TAGS = 10


class PortalEntry(Entry):
    """`portal`: how the portal presents itself, and the outermost limits and presets."""

    title: Line = "Compute groups"
    time_zone: TimeZone = "UTC"
    contact: Line = "the people who run this portal"
    note: Stated[Text] = None
    price: Stated[PriceEntry] = None
    limits: LimitsEntry = LimitsEntry()
    presets: Presets = None

    def inherited_by(self, *nearer: Level) -> InheritedLevels:
        """What applies to a group with these levels of its own, nearest first."""
        level = Level("portal", self.limits, self.presets)
        return inherit((*nearer, level), self.price.to_price() if self.price else None)

    def to_presentation(self) -> Presentation:
        """How the portal presents itself, as the domain's object."""
        return Presentation(self.title, self.contact, self.note or "")


class GroupEntry(LevelEntry):
    """An item of `groups`: a service of ClickHouse Cloud as a compute group."""

    service_id: ServiceId
    name: Line
    like: Stated[Slug] = None
    description: Stated[Line] = None
    owner: Stated[Line] = None
    tags: list[Label] = Field(default=[], max_length=MOST_TAGS)

    def to_about(self) -> About:
        """What the owners say of it in words, as the domain's object."""
        return About(self.description or "", self.owner or "", tuple(self.tags))


class WarehouseEntry(LevelEntry):
    """An item of `warehouses`. Its `access`, `limits` and `presets` hold for all of its groups.

    `max_replicas` bounds the replicas of all its groups together. `identity_provider` names the
    company's own sign-in, which `sign_in` admits beside passwords or instead of them.
    """

    key: Slug
    name: Line
    sign_in_service_id: Stated[ServiceId] = None
    max_replicas: Stated[Count] = None
    sign_in: Way = SignInWay.PASSWORD.value
    identity_provider: Stated[Slug] = None
    roles_from: Source = RolesFrom.CLICKHOUSE.value
    by_tag: list[TagEntry] = Field(default=[])
    groups: list[GroupEntry] = Field(min_length=1)

    def inherited_levels(
        self, path: str, file: "WarehousesFile", tags: TagsByService = NO_TAGS
    ) -> list[InheritedLevels]:
        """What applies to each of the groups, whose services have these tags at Cloud."""
        return [
            file.portal.inherited_by(*(entry.to_level(place) for place, entry in levels))
            for levels in self.levels_of_groups(path, file, tags)
        ]

    def levels_of_groups(
        self, path: str, file: "WarehousesFile", tags: TagsByService = NO_TAGS
    ) -> Iterator[list[tuple[str, LevelEntry]]]:
        """For each group every entry that holds for it with its path, nearest first."""
        for index, group in enumerate(self.groups):
            own: list[tuple[str, LevelEntry]] = [(f"{path}.groups[{index}]", group)]
            own += file.find_template(group.like)
            own += self._tagged(path, tags.get(group.service_id))
            yield [*own, (path, self)]

    def _tagged(self, path: str, tags: Tags | None) -> list[tuple[str, LevelEntry]]:
        """The entries that match; of a group whose tags are not known all, as far as they deny."""
        return [
            (f"{path}.by_tag[{index}]", entry.while_unknown() if tags is None else entry)
            for index, entry in enumerate(self.by_tag)
            if tags is None or entry.matches(tags)
        ]

    def to_warehouse(
        self, path: str, file: "WarehousesFile", tags: TagsByService
    ) -> WarehouseDefinition:
        """The warehouse as the domain's object; `path` is its place in the file."""
        levels = self.levels_of_groups(path, file, tags)
        inherited = self.inherited_levels(path, file, tags)
        return WarehouseDefinition(
            key=self.key,
            name=self.name,
            groups=tuple(
                GroupDefinition(
                    service_id=group.service_id,
                    name=group.name,
                    warehouse=self.key,
                    rules=(*file.rules_of(entries), *view_only_rules(entries)),
                    limits=bounds.to_limits(),
                    presets=bounds.to_presets(),
                    about=group.to_about(),
                    is_managed_by_terraform=nearest(entries, "managed_by")[1] == TERRAFORM,
                    is_view_only=nearest(entries, "view_only")[1] is True,
                )
                for group, entries, bounds in zip(self.groups, levels, inherited, strict=True)
            ),
            sign_in_service_id=self.sign_in_service_id,
            max_replicas=self.max_replicas,
            sign_in=SignInWay(self.sign_in),
            provider=file.find_provider(self.identity_provider),
            roles_from=RolesFrom(self.roles_from),
        )


Warehouses = Annotated[
    dict[int | str, WarehouseEntry],
    BeforeValidator(index_warehouses),
    Field(min_length=1),
    ShownAsList(),
]


class WarehousesFile(Entry):
    """The whole file, with the warehouses that have files of their own."""

    portal: PortalEntry = PortalEntry()
    people: dict[Slug, PeopleEntry] = Field(default={})
    identity_providers: dict[Slug, ProviderEntry] = Field(default={})
    templates: dict[Slug, TemplateEntry] = Field(default={})
    warehouses: Warehouses
    schedules: SchedulesEntry = SchedulesEntry()

    def by_path(self) -> dict[str, WarehouseEntry]:
        """The warehouses by their paths in the file."""
        return {format_path(("warehouses", key)): entry for key, entry in self.warehouses.items()}

    def find_template(self, name: str | None) -> list[tuple[str, LevelEntry]]:
        """The template of this name with its path; nothing if there is none."""
        found = self.templates.get(name or "")
        return [(f"templates.{name}", found)] if found else []

    def find_provider(self, name: str | None) -> IdentityProvider | None:
        """The company's sign-in of this name; None if there is none."""
        found = self.identity_providers.get(name or "")
        return found.to_provider(name or "") if found else None

    def rules_of(self, entries: Sequence[tuple[str, LevelEntry]]) -> tuple[AccessRule, ...]:
        """The rules of these entries as the domain's objects, those of the farthest first."""
        return tuple(
            rule
            for path, entry in reversed(entries)
            for rule in to_rules(entry.access, path, self.people)
        )

    def rules_by_path(self) -> dict[str, RuleEntry]:
        """Every rule of the file, by its path."""
        places: dict[str, LevelEntry] = {
            f"templates.{name}": entry for name, entry in self.templates.items()
        }
        for path, warehouse in self.by_path().items():
            places[path] = warehouse
            places |= {f"{path}.by_tag[{n}]": item for n, item in enumerate(warehouse.by_tag)}
            places |= {f"{path}.groups[{n}]": item for n, item in enumerate(warehouse.groups)}
        found: dict[str, RuleEntry] = {}
        for path, entry in places.items():
            found |= by_path(entry.access, path)
        return found

    def list_unknown_names(self) -> Iterator[Fault]:
        """One fault for each `like` and `people` that names nothing."""
        for path, warehouse in self.by_path().items():
            name = warehouse.identity_provider
            if name and name not in self.identity_providers:
                place, known = f"{path}.identity_provider", self.identity_providers
                yield explain_unknown(place, name, "identity_providers", known)
            for index, group in enumerate(warehouse.groups):
                if group.like and group.like not in self.templates:
                    place = f"{path}.groups[{index}].like"
                    yield explain_unknown(place, group.like, "templates", self.templates)
        for path, rule in self.rules_by_path().items():
            yield from rule.list_unknown_people(path, self.people)

    def to_catalog(self, tags: TagsByService = NO_TAGS) -> Catalog:
        """All warehouses as the domain's object, for services with these tags at Cloud."""
        entries = self.by_path().items()
        made = tuple(entry.to_warehouse(path, self, tags) for path, entry in entries)
        has_tags = any(entry.by_tag for entry in self.warehouses.values())
        under_tags = self.to_catalog if has_tags else None
        calendar = self.schedules.to_calendar()
        return Catalog(made, self.portal.to_presentation(), under_tags, calendar)

    def list_warnings(self) -> tuple[str, ...]:
        """Lines about values that work but should be written otherwise; there are none."""
        return ()
