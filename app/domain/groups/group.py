"""A compute group: what the owners define, and what Cloud says about its service."""

import ipaddress
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.access.permissions import Permission
from app.domain.groups.catalog import GroupDefinition
from app.domain.groups.scaling import ScalingConfig
from app.domain.groups.states import ServiceState

STANDARD_PROFILE = "v1-default"
NOT_SHOWN = "ClickHouse Cloud does not show this group to the portal at the moment."
STATE_NOT_SAID = "ClickHouse Cloud does not say what state it is in."


@dataclass(frozen=True)
class Endpoint:
    """One address of a service. `protocol` is Cloud's: https, nativesecure, mysql."""

    protocol: str
    host: str
    port: int

    @property
    def base_url(self) -> str:
        """Where HTTP requests go. Plain HTTP only on this very machine, as the sandbox speaks."""
        scheme = "http" if is_loopback(self.host) else "https"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True)
class IpAccess:
    """One entry of a service's IP access list."""

    source: str
    description: str


@dataclass(frozen=True)
class Particulars:
    """What Cloud says of a service that the portal passes on and does not use itself.

    `said` is Cloud's object but for the fields that nobody may see (`shown_fields`): unchecked,
    and no part of what makes two services equal.
    """

    warehouse_id: str = ""
    release_channel: str = ""
    iam_role: str = ""
    private_endpoint_ids: tuple[str, ...] = ()
    said: Mapping[str, object] = field(default_factory=dict, compare=False, repr=False)
    tags: tuple[tuple[str, str], ...] = ()
    """Key and value of each; the value is empty where there is none."""

    @property
    def are_tags_told(self) -> bool:
        """Whether Cloud said anything of its tags: any field may be missing from an answer."""
        return isinstance(self.said.get("tags"), list)


@dataclass(frozen=True)
class Service:
    """What Cloud says about one service: only the fields that the portal needs.

    `configured` is what is set, `effective` what applies now; they differ while a schedule entry
    is active or a change is in progress. Both are None when Cloud gives no complete figures.
    `unknown_mode` is Cloud's word for a way of scaling that the portal does not know.
    """

    service_id: str
    cloud_name: str
    state: ServiceState
    state_text: str
    configured: ScalingConfig | None
    effective: ScalingConfig | None
    active_entry: str | None
    is_primary: bool
    is_readonly: bool
    provider: str
    region: str
    version: str
    profile: str
    is_byoc: bool
    endpoints: tuple[Endpoint, ...]
    ip_access: tuple[IpAccess, ...]
    created_at: datetime | None
    particulars: Particulars = Particulars()
    unknown_mode: str = ""

    def keeping_tags(self, known: "Service | None") -> "Service":
        """The same with the tags that were known, where this answer does not tell them."""
        if known is None or self.particulars.are_tags_told:
            return self
        particulars = replace(self.particulars, tags=known.particulars.tags)
        return replace(self, particulars=particulars)

    @property
    def https_endpoint(self) -> Endpoint | None:
        """Where a password can be checked."""
        return next((item for item in self.endpoints if item.protocol == "https"), None)

    @property
    def differs(self) -> bool:
        """Whether what is in effect is known not to be what is configured."""
        now, then = self.effective, self.configured
        return now is not None and then is not None and not now.shows(then)

    @property
    def is_resizing(self) -> bool:
        """Whether replicas are being replaced, added or taken away; not if a schedule says so, nor
        while the group does not run."""
        now, then = self.effective, self.configured
        if now is None or then is None or self.active_entry or not self.state.spec.is_up:
            return False
        return now.size != then.size

    @property
    def state_label(self) -> str:
        """The state in words; one that is not known with Cloud's own word for it."""
        label = self.state.spec.label
        if self.state is not ServiceState.UNKNOWN or not self.state_text:
            return label
        return f"{label} (“{self.state_text}”)"

    @property
    def state_in_sentence(self) -> str:
        """The same for the middle of a sentence, in quotation marks."""
        label = self.state.spec.label.lower()
        is_word = self.state is ServiceState.UNKNOWN and self.state_text
        return f"{label} (“{self.state_text}”)" if is_word else f"“{label}”"

    @property
    def state_meaning(self) -> str:
        """What the state means."""
        if self.state is ServiceState.UNKNOWN and not self.state_text:
            return STATE_NOT_SAID
        return self.state.spec.meaning

    @property
    def scaling_obstacle(self) -> str | None:
        """Why nobody can scale this service here; None if it can be scaled.

        A custom profile or a customer's own infrastructure is not self-service at Cloud.
        """
        if self.profile != STANDARD_PROFILE:
            return "It has a custom hardware profile, which ClickHouse support scales on request."
        if self.is_byoc:
            return "It runs in your company's own cloud account, which is not scaled from here."
        if self.unknown_mode:
            return (
                "ClickHouse Cloud names a way of scaling that this portal does not know "
                f"(“{self.unknown_mode}”)."
            )
        if self.configured is None:
            return "ClickHouse Cloud gives no scaling settings for it that the portal can read."
        if not self.state.spec.may_scale:
            return f"Its state is {self.state_in_sentence}. {self.state_meaning}"
        return None

    @property
    def boost_obstacle(self) -> str | None:
        """Why no boost of it can begin, though it can be scaled: what is set while an entry of
        Cloud's own schedule is active is the size for after it."""
        if not self.active_entry:
            return None
        return (
            f"The schedule entry “{self.active_entry}” of ClickHouse Cloud is active, and decides "
            "the size until it ends."
        )


def may_resize(permissions: Collection[Permission]) -> bool:
    """Whether somebody with these may ask for another size at all, lasting or not."""
    return Permission.SCALE in permissions or Permission.BOOST in permissions


@dataclass(frozen=True)
class ComputeGroup:
    """One group as one person sees it: definition, service and that person's permissions.

    `service` is None when Cloud does not show it to the portal's key.
    """

    definition: GroupDefinition
    service: Service | None
    permissions: frozenset[Permission]

    @property
    def service_id(self) -> str:
        """Cloud's id of the group's service."""
        return self.definition.service_id

    @property
    def name(self) -> str:
        """The name people know it by."""
        return self.definition.name

    @property
    def state(self) -> ServiceState:
        """The state of its service; UNKNOWN when Cloud does not show it."""
        return self.service.state if self.service else ServiceState.UNKNOWN

    @property
    def state_label(self) -> str:
        """The state of its service in words."""
        return self.service.state_label if self.service else self.state.spec.label

    @property
    def state_meaning(self) -> str:
        """What that means."""
        return self.service.state_meaning if self.service else NOT_SHOWN

    @property
    def tags(self) -> tuple[str, ...]:
        """The owners' tags and those of its service at Cloud, each once: `key: value` there."""
        said = self.service.particulars.tags if self.service else ()
        clouds = (f"{key}: {value}" if value else key for key, value in said)
        return tuple(dict.fromkeys((*self.definition.about.tags, *clouds)))

    def may(self, permission: Permission) -> bool:
        """Whether this person has the permission here."""
        return permission in self.permissions

    @property
    def may_resize(self) -> bool:
        """Whether this person may ask for another size, lasting or not."""
        return may_resize(self.permissions)

    @property
    def scaling_obstacle(self) -> str | None:
        """Why this group cannot be scaled by anybody; None if it can."""
        if self.service is None:
            return NOT_SHOWN
        return self.service.scaling_obstacle

    @property
    def resizing_obstacle(self) -> str | None:
        """The same for this person, who may be allowed to boost alone."""
        if self.service is None or self.may(Permission.SCALE):
            return self.scaling_obstacle
        return self.scaling_obstacle or self.service.boost_obstacle
