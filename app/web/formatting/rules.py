"""Codes of rules and errors as people read them."""

RULES = {
    "boost_only_up": "A boost makes nothing smaller",
    "budget_spent": "Budget used up",
    "memory_min_above_max": "Minimum memory above the maximum",
    "replicas_min_above_max": "Minimum replicas above the maximum",
    "until_needed": "End of the boost missing",
    "until_past": "End of the boost in the past",
}


def rule_words(code: str) -> str:
    """A rule by its code: “Cooling down”, “Too many changes”."""
    return RULES.get(code, code.replace("_", " ").capitalize())
