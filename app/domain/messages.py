"""Code of a broken rule -> the sentence people read. The one home of rule texts.

The placeholders are filled from the rule's own figures, so that text and rule cannot disagree.
"""

from app.errors import Problem

MESSAGES: dict[str, str] = {
    "required": "Enter a value",
    "not_a_whole_number": "Enter a whole number, such as 4",
    "not_yes_or_no": "Choose on or off",
    "not_text": "Enter text",
    "not_a_day": "Enter a date such as 2026-11-22",
    "warehouse_needed": "Choose your warehouse",
    "span_unknown": "Enter day, week or month",
    "choice_unknown": "Choose one of: {choices}",
    "group_unknown": "Enter the id of a compute group that you may see",
    "cursor_unknown": "Enter `older` of an answer as it was given",
    "user_needed": "Enter your ClickHouse user name",
    "password_needed": "Enter your password",
    "code_malformed": "Enter the digits of the code, as your app shows them",
    "step_up_needed": "Confirm first with your company's sign-in that it is you",
    "administrator_needed": "Enter the administrator's name",
    "user_or_role_needed": "Enter a user, a role, or both",
    "roles_too_many": "Enter at most {most} roles, separated by commas",
    "freeze_place_unknown": "Choose everything, a warehouse or a group",
    "freeze_reason_needed": "Enter a reason; everybody whom it concerns reads it",
    "password_wrong": "This is not your ClickHouse password; nothing was changed",
    "group_name_needed": "Type the name of the group, “{name}”, exactly as shown",
    "command_unknown": "Choose one of: wake, start, stop",
    "idempotency_key_reused": "This key stands for another request already; use a new one",
    "unknown_field": "This field is not known here; leave it out",
    "memory_out_of_range": "Memory must be between {least} and {most} GB per replica",
    "memory_not_multiple": "Memory must be a multiple of {step} GB",
    "memory_not_offered": "Choose one of the memory sizes offered: {offered} GB",
    "memory_min_above_max": "Maximum memory per replica must be at least the minimum ({least} GB)",
    "memory_must_be_fixed": "This group scales replicas of one size, so both must be the same",
    "replicas_out_of_range": "The number of replicas must be between {least} and {most}",
    "replicas_min_above_max": "Maximum replicas must be at least the minimum ({least})",
    "replicas_both_needed": "Enter both minimum and maximum replicas",
    "replicas_not_both_ways": "Enter a fixed number of replicas or a range, not both",
    "replicas_fixed_here": "This group has a fixed number of replicas; enter one number",
    "replicas_range_here": "This group scales its replicas; enter minimum and maximum replicas",
    "idle_timeout_out_of_range": "The idle timeout must be between {least} and {most} minutes",
    "idle_timeout_needs_idling": "Allow idling to change the idle timeout, or keep the timeout",
    "idling_must_be_said": "Say whether it idles, since another size here never does",
    "idle_timeout_needed": "Enter an idle timeout",
    "idling_must_stay_on": "Idling cannot be turned off for this group",
    "total_too_large": "Total memory would be {total} GB; the limit for this group is {most} GB",
    "cost_too_high": (
        "This costs up to {cost} {currency} per hour; the limit for this group is {most} {currency}"
    ),
    "budget_spent": (
        "The budget of this group for this {period} is used up ({spent} of {most} US dollars); it "
        "can be made smaller, and cannot grow before {day} (UTC)"
    ),
    "too_many_changes": "The limit of changes per hour for this group is {most}; try again later",
    "cooling_down": "Cooldown after a memory change; try again in {minutes:.0f} min",
    "warehouse_replicas": (
        "The groups of this warehouse may have {most} replicas in total; {others} are in use"
    ),
    "not_an_object": "Enter named values here",
    "not_a_list": "Enter a list here",
    "version_unknown": "There is no such version of this schedule",
    "nothing_to_skip": "No window begins within the next year",
    "no_schedule_to_pause": "This group has no schedule to pause",
    "pause_not_a_time": "Enter a date and time, such as 2026-12-24 18:00",
    "pause_out_of_range": "The pause must end in the future, within {days} days",
    "zone_unknown": "Enter a time zone such as Europe/Berlin",
    "days_unknown": "Choose one or more days: {days}",
    "clock_unknown": "Enter a time such as 08:30; a window may end at 24:00",
    "outside_unknown": "Enter one of {known}",
    "stop_needs_window": "A group that is stopped outside its windows needs a window to run in",
    "lead_out_of_range": "Enter a number of minutes from 0 to {most}",
    "window_empty": "The end must differ from the start; a whole day is 00:00 to 24:00",
    "windows_overlap": "The windows “{first}” and “{second}” overlap",
    "window_name_twice": "Use a different name; “{name}” is that of another window",
    "too_many_windows": "A schedule may have at most {most} windows",
    "name_too_long": "Shorten the name to {most} characters",
    "name_control_characters": "Remove control characters from the name",
    "token_name_needed": "Enter a name that tells what the token is for",
    "token_name_taken": "Choose a different name; you have a token called “{name}”",
    "token_days_out_of_range": "Enter a number of days from 1 to {most}",
    "token_groups_needed": "Choose one or more compute groups",
    "token_group_unknown": "Choose compute groups that you may see",
    "token_permissions_needed": "Choose one or more permissions",
    "token_may_not_confirm": (
        "Leave this out; such changes are confirmed by your company's sign-in, not by a token"
    ),
    "until_needed": (
        "Enter the date and time at which the boost ends; programs give either that or minutes"
    ),
    "until_unreadable": (
        "Enter a date and time, such as 2026-11-27 18:00; programs add the offset, +01:00"
    ),
    "until_past": "The end must be at least a minute from now",
    "minutes_out_of_range": "Enter whole minutes from 1 on, for a year at most",
    "boost_too_long": "A boost of this group lasts {most} at most; choose an earlier end",
    "boost_latest_end": "This boost can last until {latest} at most; choose an earlier end",
    "boost_only_up": "A boost makes nothing smaller; keep at least what is configured",
    "reason_too_long": "Shorten the reason to {most} characters",
    "reason_needed": "Enter a reason, so that others can see why",
    "reason_control_characters": "Remove control characters from the reason",
}


def problem(field: str, code: str, **figures: object) -> Problem:
    """A broken rule beside `field`. Raises KeyError for a code without a sentence."""
    return Problem(field=field, code=code, message=MESSAGES[code].format(**figures))
