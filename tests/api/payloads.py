"""Requests for another size, each with what must come of it, whichever channel it goes through.

`asked` holds the values in the API's names; text stands for what somebody types where no number
belongs. `codes` are the broken rules; `patch` is exactly what Cloud receives. Neither: there is
nothing to change.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.api.paths import AD_HOC, ARCHIVE, CAMPAIGNS, MONTH_END, PRIMARY, REPORTING

Codes = frozenset[tuple[str, str]]
BASE: dict[str, dict[str, Any]] = {
    PRIMARY: {"min_memory_gb": 16, "max_memory_gb": 32, "num_replicas": 3},
    REPORTING: {"min_memory_gb": 8, "max_memory_gb": 16, "num_replicas": 1},
    AD_HOC: {"min_memory_gb": 8, "max_memory_gb": 32, "num_replicas": 1},
    ARCHIVE: {"min_memory_gb": 8, "max_memory_gb": 8, "num_replicas": 1},
    MONTH_END: {"min_memory_gb": 64, "max_memory_gb": 120, "num_replicas": 2},
    CAMPAIGNS: {"min_memory_gb": 32, "max_memory_gb": 32, "min_replicas": 2, "max_replicas": 6},
}
"""What is configured in each group."""


@dataclass(frozen=True)
class Payload:
    """One request. `asked` is what it has besides, or instead of, what is configured."""

    name: str
    group: str
    asked: dict[str, Any]
    codes: Codes = frozenset()
    patch: dict[str, int | bool] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        """The whole request; a value of None leaves the field out."""
        values = {**BASE[self.group], **self.asked}
        return {name: value for name, value in values.items() if value is not None}


def broken(group: str, asked: dict[str, Any], *codes: str) -> Payload:
    """A request that breaks rules, each as "field: code"."""
    pairs = frozenset((item.split(": ")[0], item.split(": ")[1]) for item in codes)
    return Payload(f"{group}: {asked} breaks {', '.join(codes)}", group, asked, codes=pairs)


def valid(group: str, asked: dict[str, Any], **patch: int | bool) -> Payload:
    """A request that is sent."""
    return Payload(f"{group}: {asked} sends {patch}", group, asked, patch=patch)


def same(group: str, asked: dict[str, Any]) -> Payload:
    """A request for what is configured already."""
    return Payload(f"{group}: {asked} changes nothing", group, asked)


MIN, MAX = "min_memory_gb", "max_memory_gb"
NUM, FEWEST, MOST = "num_replicas", "min_replicas", "max_replicas"
IDLE, TIMEOUT, REASON = "idle_scaling", "idle_timeout_minutes", "reason"
RANGE, MULTIPLE, OFFERED = "memory_out_of_range", "memory_not_multiple", "memory_not_offered"
BELOW, NOT_WHOLE = "memory_min_above_max", "not_a_whole_number"
COUNT, LAST = "replicas_out_of_range", "replicas_min_above_max"
BAD_TIMEOUT, MARKS = "idle_timeout_out_of_range", "reason_control_characters"

BROKEN = (
    broken(REPORTING, {MIN: None}, f"{MIN}: required"),
    broken(REPORTING, {MAX: None}, f"{MAX}: required"),
    broken(REPORTING, {MIN: None, MAX: None}, f"{MIN}: required", f"{MAX}: required"),
    broken(REPORTING, {MIN: 0}, f"{MIN}: {RANGE}"),
    broken(REPORTING, {MIN: 4}, f"{MIN}: {RANGE}"),
    broken(REPORTING, {MAX: 360}, f"{MAX}: {RANGE}"),
    broken(REPORTING, {MAX: 100_000_000}, f"{MAX}: {RANGE}"),
    broken(REPORTING, {MAX: -16}, f"{MAX}: {RANGE}"),
    broken(REPORTING, {MAX: 18}, f"{MAX}: {MULTIPLE}"),
    broken(REPORTING, {MIN: 9, MAX: 18}, f"{MIN}: {MULTIPLE}", f"{MAX}: {MULTIPLE}"),
    broken(REPORTING, {MIN: 32}, f"{MAX}: {BELOW}"),
    broken(REPORTING, {MAX: 20}, f"{MAX}: {OFFERED}"),
    broken(REPORTING, {MAX: 356}, f"{MAX}: {OFFERED}"),
    broken(REPORTING, {MIN: 20, MAX: 24}, f"{MIN}: {OFFERED}", f"{MAX}: {OFFERED}"),
    broken(REPORTING, {MAX: "many"}, f"{MAX}: {NOT_WHOLE}"),
    broken(REPORTING, {MIN: "16.5"}, f"{MIN}: {NOT_WHOLE}"),
    broken(REPORTING, {NUM: 0}, f"{NUM}: {COUNT}"),
    broken(REPORTING, {NUM: 11}, f"{NUM}: {COUNT}"),
    broken(REPORTING, {NUM: -1}, f"{NUM}: {COUNT}"),
    broken(REPORTING, {NUM: "two"}, f"{NUM}: {NOT_WHOLE}"),
    broken(REPORTING, {NUM: "1e1"}, f"{NUM}: {NOT_WHOLE}"),
    broken(PRIMARY, {NUM: 1}, f"{NUM}: {COUNT}"),
    broken(REPORTING, {IDLE: "perhaps"}, f"{IDLE}: not_yes_or_no"),
    broken(REPORTING, {TIMEOUT: 4}, f"{TIMEOUT}: {BAD_TIMEOUT}"),
    broken(REPORTING, {TIMEOUT: 0}, f"{TIMEOUT}: {BAD_TIMEOUT}"),
    broken(REPORTING, {TIMEOUT: 1441}, f"{TIMEOUT}: {BAD_TIMEOUT}"),
    broken(REPORTING, {TIMEOUT: "soon"}, f"{TIMEOUT}: {NOT_WHOLE}"),
    broken(REPORTING, {IDLE: False, TIMEOUT: 20}, f"{TIMEOUT}: idle_timeout_needs_idling"),
    broken(REPORTING, {REASON: "x" * 501}, f"{REASON}: reason_too_long"),
    broken(REPORTING, {REASON: "red \x1b[31m"}, f"{REASON}: {MARKS}"),
    broken(REPORTING, {REASON: "\u202egnihtemos"}, f"{REASON}: {MARKS}"),
    broken(REPORTING, {MAX: 64, NUM: 8}, f"{MAX}: total_too_large"),
    broken(REPORTING, {MAX: 236, NUM: 3}, f"{MAX}: total_too_large"),
    broken(
        REPORTING,
        {MIN: 10, NUM: "many", TIMEOUT: "1.5", REASON: "x" * 501},
        f"{MIN}: {MULTIPLE}",
        f"{NUM}: {NOT_WHOLE}",
        f"{TIMEOUT}: {NOT_WHOLE}",
        f"{REASON}: reason_too_long",
    ),
    broken(
        REPORTING,
        {MAX: 20, NUM: 11, TIMEOUT: 4},
        f"{MAX}: {OFFERED}",
        f"{NUM}: {COUNT}",
        f"{TIMEOUT}: {BAD_TIMEOUT}",
    ),
    # What is wrong by itself, and what is wrong in this group, are told together.
    broken(REPORTING, {MAX: "x", NUM: 11}, f"{MAX}: {NOT_WHOLE}", f"{NUM}: {COUNT}"),
    broken(REPORTING, {MIN: 12, MAX: 20, NUM: "two"}, f"{MAX}: {OFFERED}", f"{NUM}: {NOT_WHOLE}"),
    broken(
        ARCHIVE,
        {MIN: "x", IDLE: False, NUM: 11},
        f"{MIN}: {NOT_WHOLE}",
        f"{NUM}: {COUNT}",
        f"{IDLE}: idling_must_stay_on",
    ),
    broken(MONTH_END, {NUM: "many"}, f"{NUM}: {NOT_WHOLE}", f"{REASON}: reason_needed"),
    broken(
        CAMPAIGNS,
        {MIN: 33, MAX: 33, MOST: 9},
        f"{MIN}: {MULTIPLE}",
        f"{MAX}: {MULTIPLE}",
        f"{MOST}: {COUNT}",
    ),
    broken(AD_HOC, {MAX: 120}, f"{MAX}: {OFFERED}"),
    broken(AD_HOC, {MAX: 12}, f"{MAX}: {OFFERED}"),
    broken(AD_HOC, {MAX: 64, NUM: 3}, f"{MAX}: cost_too_high"),
    broken(ARCHIVE, {IDLE: False}, f"{IDLE}: idling_must_stay_on"),
    broken(MONTH_END, {MAX: 64}, f"{REASON}: reason_needed"),
    broken(MONTH_END, {MAX: 64, REASON: "  "}, f"{REASON}: reason_needed"),
    broken(CAMPAIGNS, {MIN: 33, MAX: 33}, f"{MIN}: {MULTIPLE}", f"{MAX}: {MULTIPLE}"),
    broken(CAMPAIGNS, {MIN: 20, MAX: 20}, f"{MIN}: {OFFERED}", f"{MAX}: {OFFERED}"),
    broken(CAMPAIGNS, {FEWEST: 7}, f"{MOST}: {LAST}"),
    broken(CAMPAIGNS, {FEWEST: 1}, f"{FEWEST}: {COUNT}"),
    broken(CAMPAIGNS, {MOST: 9}, f"{MOST}: {COUNT}"),
    broken(CAMPAIGNS, {MOST: "six"}, f"{MOST}: {NOT_WHOLE}"),
)

VALID = (
    valid(REPORTING, {MAX: 32}, maxReplicaMemoryGb=32),
    valid(REPORTING, {MAX: 8}, maxReplicaMemoryGb=8),
    valid(REPORTING, {MIN: 12}, minReplicaMemoryGb=12),
    valid(REPORTING, {MIN: 16, MAX: 64}, minReplicaMemoryGb=16, maxReplicaMemoryGb=64),
    valid(REPORTING, {NUM: 2}, numReplicas=2),
    valid(REPORTING, {NUM: 10}, numReplicas=10),
    valid(REPORTING, {TIMEOUT: 5}, idleTimeoutMinutes=5),
    valid(REPORTING, {TIMEOUT: 1440}, idleTimeoutMinutes=1440),
    valid(REPORTING, {IDLE: True, TIMEOUT: 45}, idleTimeoutMinutes=45),
    valid(REPORTING, {MAX: 32, REASON: "Quarter end: ä <b>\nline two"}, maxReplicaMemoryGb=32),
    valid(REPORTING, {MAX: 32, REASON: "x" * 500}, maxReplicaMemoryGb=32),
    valid(REPORTING, {IDLE: False}, idleScaling=False),
    valid(REPORTING, {MAX: 236, NUM: 2}, maxReplicaMemoryGb=236, numReplicas=2),
    valid(
        REPORTING,
        {MIN: 32, MAX: 32, NUM: 4, TIMEOUT: 60},
        minReplicaMemoryGb=32,
        maxReplicaMemoryGb=32,
        numReplicas=4,
        idleTimeoutMinutes=60,
    ),
    valid(PRIMARY, {NUM: 2}, numReplicas=2),
    valid(AD_HOC, {MAX: 64}, maxReplicaMemoryGb=64),
    valid(ARCHIVE, {MAX: 12}, maxReplicaMemoryGb=12),
    valid(MONTH_END, {MAX: 64, REASON: "Books are closed"}, maxReplicaMemoryGb=64),
    valid(CAMPAIGNS, {MIN: 64, MAX: 64}, minReplicaMemoryGb=64, maxReplicaMemoryGb=64),
    valid(CAMPAIGNS, {MOST: 8}, minReplicas=2, maxReplicas=8),
    valid(CAMPAIGNS, {FEWEST: 4, MOST: 4}, minReplicas=4, maxReplicas=4),
    valid(CAMPAIGNS, {TIMEOUT: 30}, idleTimeoutMinutes=30),
)

SAME = (
    same(REPORTING, {}),
    same(REPORTING, {IDLE: True, TIMEOUT: 10}),
    same(REPORTING, {REASON: "only words"}),
    same(CAMPAIGNS, {}),
)

PAYLOADS = BROKEN + VALID + SAME
