"""What the words of the pages mean: the one home of these sentences."""

from app.domain.changes.change import ChangeState
from app.domain.groups.states import STATE_SPECS, ServiceState, Tone
from app.web.changes.wording import OUTCOMES

WORDS = {
    "Warehouse": "Services of ClickHouse Cloud over the same data; users and passwords are shared.",
    "Compute group": "One service of a warehouse: the replicas that answer your queries.",
    "Primary": "The service with which the warehouse was created.",
    "Minimum and maximum memory per replica": (
        "Between them ClickHouse Cloud scales each replica by itself."
    ),
    "Replicas": (
        "How many copies answer queries. More of them serve more queries at once; a single query "
        "gets no more memory from them."
    ),
    "Total memory": "Memory per replica times replicas.",
    "GB": "What ClickHouse Cloud counts: 1 GB = 1024 MB (GiB).",
    "Idle": "Nobody used it during its idle timeout, so it costs no compute. Using it wakes it.",
    "Stopped": "Somebody stopped it; no connection wakes it.",
    "Configured": (
        "What is set. What is in effect applies now; the two differ while a change takes effect or "
        "a schedule of ClickHouse Cloud is active."
    ),
    "Limits": "The bounds that the owners of a group set. They stand beside the fields.",
    "Preset": "Values with a name. Choosing one fills the form and sends nothing.",
    "Boost": "A larger size for a while; the group goes back by itself when the time is over.",
    "Schedule": "Sizes that follow the hours of the week; outside of them the base size holds.",
    "Cooldown": (
        "How long a group waits after a change of its memory, since new replicas start before old "
        "ones end."
    ),
    "Freeze": "Nobody can change anything until the administrator lifts it. Viewing goes on.",
    "Cost per hour now": (
        "Compute at list price for the size in effect; nothing while the group is idle or stopped."
    ),
}

CHANGE_STATES = {
    ChangeState.APPLYING: "It is on its way to ClickHouse Cloud.",
    ChangeState.APPLIED: "ClickHouse Cloud accepted it. Its page says when it is in effect.",
    ChangeState.UNCHANGED: "The group was as requested already, so nothing was sent.",
    ChangeState.REJECTED: "ClickHouse Cloud said no, and nothing was changed. Its page says why.",
    ChangeState.FAILED: "It was certainly not carried out.",
    ChangeState.UNKNOWN: (
        "It was sent, and no answer tells what became of it. The portal reads the group to find "
        "out and never sends it twice; until then nobody else can change the group."
    ),
}


def list_change_states() -> list[tuple[str, str]]:
    """What lists call each state of a change, and what that means."""
    return [(OUTCOMES[state], words) for state, words in CHANGE_STATES.items()]


def list_group_states() -> list[tuple[Tone, str, str]]:
    """Tone, words and meaning of each state of a group that ClickHouse Cloud names, once: some of
    its names mean the same to people."""
    known = [state for state in ServiceState if state is not ServiceState.UNKNOWN]
    specs = [STATE_SPECS[state] for state in known]
    return list(dict.fromkeys((spec.tone, spec.label, spec.meaning) for spec in specs))
