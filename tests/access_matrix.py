"""Access, through which channel: people x groups x actions, written down by hand.

`PEOPLE` says what each person is to each group; `CHANNELS` says for each channel and action how it
ends for whoever is that. Nothing here is taken from the portal's own rules.

    nothing    the group does not exist for this person, by whatever address
    foreign    the same, and it is in another warehouse, where this person is nobody
    view, wake, scale, start/stop, audit    that permission, and to look
    operator   to look, wake and scale
    owner      everything
    admin      the administrator, who is no ClickHouse user and changes no group
    nobody     not signed in
"""

from dataclasses import dataclass
from typing import Any

GROUPS = {
    "primary": "Analytics primary",
    "reporting": "Analytics reporting",
    "ad-hoc": "Analytics ad hoc",
    "archive": "Analytics archive",
    "month-end": "Analytics month end",
    "campaigns": "Marketing campaigns",
}
"""Short name -> name at the sandbox and in the portal."""

PEOPLE = """
person   warehouse  rules    primary   reporting  ad-hoc    archive   month-end  campaigns
alice    analytics  shipped  owner     owner      owner     owner     owner      foreign
bob      analytics  shipped  view      view       view      view      view       foreign
charlie  analytics  shipped  nothing   nothing    nothing   nothing   nothing    foreign
norah    analytics  shipped  nothing   nothing    nothing   nothing   nothing    foreign
default  analytics  shipped  nothing   nothing    nothing   nothing   nothing    foreign
dana     marketing  shipped  foreign   foreign    foreign   foreign   foreign    operator
default  marketing  shipped  foreign   foreign    foreign   foreign   foreign    nothing
admin    none       shipped  admin     admin      admin     admin     admin      admin
nobody   none       shipped  nobody    nobody     nobody    nobody    nobody     nobody
charlie  analytics  further  nothing   nothing    wake      nothing   nothing    foreign
norah    analytics  further  scale     scale      scale     scale     scale      foreign
quinn    analytics  further  view      view       view      view      power      foreign
default  analytics  further  audit     audit      audit     audit     audit      foreign
bob      analytics  further  operator  wake       operator  nothing   operator   foreign
default  marketing  further  foreign   foreign    foreign   foreign   foreign    owner
"""

FURTHER_RULES: dict[str, list[dict[str, Any]]] = {
    "analytics": [
        {"users": ["norah"], "permissions": ["scale"]},
        {"users": ["default"], "permissions": ["audit"]},
        {"users": ["bob"], "permissions": ["operator"]},
    ],
    # The same name in another warehouse is somebody else.
    "marketing": [{"users": ["default"], "permissions": ["owner"]}],
    "reporting": [{"users": ["bob"], "deny": ["scale"]}],
    "ad-hoc": [{"users": ["charlie"], "permissions": ["wake"]}],
    "archive": [{"users": ["bob"], "deny": ["view"]}],
    "month-end": [{"users": ["quinn"], "permissions": ["power"]}],
}
"""What `further` adds to the rules that are shipped, at a warehouse or a group."""

# shown: a page; listed, absent: a page with or without the group; done: accepted, on to the next
# page; hidden: 404 without a name; refused: 403; sign-in, ended: turned away.
PAGES = """
action                     nothing  foreign  view     wake     scale    power    audit    operator owner    admin    nobody
list                    absent   absent   listed   listed   listed   listed   listed   listed   listed   sign-in  sign-in
list-live               absent   absent   listed   listed   listed   listed   listed   listed   listed   ended    ended
group                   hidden   hidden   shown    shown    shown    shown    shown    shown    shown    sign-in  sign-in
group-live              hidden   hidden   shown    shown    shown    shown    shown    shown    shown    ended    ended
audit                   hidden   hidden   refused  refused  refused  refused  shown    refused  shown    sign-in  sign-in
audit.csv               hidden   hidden   refused  refused  refused  refused  shown    refused  shown    sign-in  sign-in
account                 absent   absent   listed   listed   listed   listed   listed   listed   listed   sign-in  sign-in
scale-form              hidden   hidden   refused  refused  shown    refused  refused  shown    shown    sign-in  sign-in
scale-form-from         hidden   hidden   refused  refused  shown    refused  refused  shown    shown    sign-in  sign-in
propose                 hidden   hidden   refused  refused  done     refused  refused  done     done     sign-in  sign-in
wake                    hidden   hidden   refused  done     refused  refused  refused  done     done     sign-in  sign-in
start                   hidden   hidden   refused  refused  refused  done     refused  refused  done     sign-in  sign-in
stop                    hidden   hidden   refused  refused  refused  done     refused  refused  done     sign-in  sign-in
others-draft-review     hidden   hidden   hidden   hidden   hidden   hidden   hidden   hidden   hidden   sign-in  sign-in
others-draft-confirm    hidden   hidden   hidden   hidden   hidden   hidden   hidden   hidden   hidden   sign-in  sign-in
others-draft-show       hidden   hidden   hidden   hidden   hidden   hidden   hidden   hidden   hidden   sign-in  sign-in
others-draft-live       hidden   hidden   hidden   hidden   hidden   hidden   hidden   hidden   hidden   ended    ended
others-draft-close     hidden   hidden   hidden   hidden   hidden   hidden   hidden   hidden   hidden   sign-in  sign-in
others-change-review    hidden   hidden   hidden   hidden   hidden   hidden   hidden   hidden   hidden   sign-in  sign-in
others-change-confirm   hidden   hidden   hidden   hidden   hidden   hidden   hidden   hidden   hidden   sign-in  sign-in
others-change-show      hidden   hidden   hidden   hidden   hidden   hidden   shown    hidden   shown    sign-in  sign-in
others-change-live      hidden   hidden   hidden   hidden   hidden   hidden   shown    hidden   shown    ended    ended
others-change-close    hidden   hidden   hidden   hidden   hidden   hidden   refused  hidden   done     sign-in  sign-in
own-draft-review        hidden   hidden   shown    shown    shown    shown    shown    shown    shown    sign-in  sign-in
own-draft-confirm       hidden   hidden   refused  refused  done     refused  refused  done     done     sign-in  sign-in
own-change-show         hidden   hidden   shown    shown    shown    shown    shown    shown    shown    sign-in  sign-in
own-change-live         hidden   hidden   shown    shown    shown    shown    shown    shown    shown    ended    ended
others-stuck-show       hidden   hidden   shown    shown    shown    shown    shown    shown    shown    sign-in  sign-in
others-stuck-live       hidden   hidden   shown    shown    shown    shown    shown    shown    shown    ended    ended
others-stuck-close     hidden   hidden   refused  refused  done     refused  refused  done     done     sign-in  sign-in
own-stuck-close        hidden   hidden   refused  refused  done     refused  refused  done     done     sign-in  sign-in
"""  # noqa: E501 - a table is read by its columns

# unproven: 401, as if the group did not exist and the password were wrong; broken: 422. Of the one
# group of Marketing nothing can be woken or started by programs: no-check, 409 (503 where it is
# not even idle), since no group is up that could check the password.
# There an entry of Cloud's own schedule is active, so that nothing can be boosted: scheduled, 409.
# old-: the paths of the earlier service; plain: name and password in the body or the query.
API = """
action                  nothing  foreign  view     wake     scale    power    audit    operator owner    admin    nobody
list                 absent   unproven listed   listed   listed   listed   listed   listed   listed   refused  unproven
group                hidden   unproven shown    shown    shown    shown    shown    shown    shown    refused  unproven
own-change-list      hidden   unproven listed   listed   listed   listed   listed   listed   listed   refused  unproven
others-change-list   hidden   unproven absent   absent   absent   absent   listed   absent   listed   refused  unproven
others-draft-list    hidden   unproven absent   absent   absent   absent   absent   absent   absent   refused  unproven
propose              hidden   unproven refused  refused  done     refused  refused  done     done     refused  unproven
propose-other-id     hidden   unproven refused  refused  broken   refused  refused  broken   broken   refused  unproven
dry-run              hidden   unproven refused  refused  shown    refused  refused  shown    shown    refused  unproven
boost                hidden   unproven refused  refused  refused  refused  refused  done     done     refused  unproven
boost-dry-run        hidden   unproven refused  refused  refused  refused  refused  shown    shown    refused  unproven
boost-list           hidden   unproven shown    shown    shown    shown    shown    shown    shown    refused  unproven
wake                 hidden   unproven refused  done     refused  refused  refused  done     done     refused  unproven
start                hidden   unproven refused  refused  refused  done     refused  refused  done     refused  unproven
stop                 hidden   unproven refused  refused  refused  done     refused  refused  done     refused  unproven
stop-other-name      hidden   unproven refused  refused  refused  broken   refused  refused  broken   refused  unproven
others-draft-show    hidden   unproven hidden   hidden   hidden   hidden   hidden   hidden   hidden   refused  unproven
others-change-show   hidden   unproven hidden   hidden   hidden   hidden   shown    hidden   shown    refused  unproven
others-stuck-show    hidden   unproven shown    shown    shown    shown    shown    shown    shown    refused  unproven
own-draft-show       hidden   hidden   shown    shown    shown    shown    shown    shown    shown    refused  unproven
own-change-show      hidden   hidden   shown    shown    shown    shown    shown    shown    shown    refused  unproven
old-scaling          hidden   unproven refused  refused  done     refused  refused  done     done     refused  broken
old-scaling-plain    hidden   unproven refused  refused  done     refused  refused  done     done     refused  broken
old-state            hidden   unproven shown    shown    shown    shown    shown    shown    shown    refused  broken
old-state-plain      hidden   unproven shown    shown    shown    shown    shown    shown    shown    refused  broken
old-config           hidden   unproven shown    shown    shown    shown    shown    shown    shown    refused  broken
old-ip-access-list   hidden   unproven shown    shown    shown    shown    shown    shown    shown    refused  broken
old-details          hidden   unproven shown    shown    shown    shown    shown    shown    shown    refused  broken
"""  # noqa: E501 - a table is read by its columns

ALONE = "campaigns"
"""The one group of its warehouse."""

SCHEDULED = "campaigns"
"""An entry of Cloud's own schedule is always active there: nothing can be boosted."""

CHANNELS = {"pages": PAGES, "api": API}

PERSONAL = """
action                     person         admin    nobody
admin-area              admin-sign-in  shown    admin-sign-in
admin-audit             admin-sign-in  shown    admin-sign-in
admin-freeze            admin-sign-in  done     admin-sign-in
admin-lift-freeze       admin-sign-in  done     admin-sign-in
admin-end-all           admin-sign-in  done     admin-sign-in
admin-end-session       admin-sign-in  done     admin-sign-in
account-end-others      hidden         sign-in  sign-in
"""
"""Acts of the pages that belong to no group, for any signed-in person, and for the other two."""


@dataclass(frozen=True)
class Row:
    """One person under one set of rules; `levels` by the short name of the group."""

    person: str
    warehouse: str
    rules: str
    levels: dict[str, str]

    def __str__(self) -> str:
        return f"{self.person}-of-{self.warehouse}-{self.rules}"


def read_people() -> list[Row]:
    """Every row of `PEOPLE`."""
    return [
        Row(line["person"], line["warehouse"], line["rules"], {key: line[key] for key in GROUPS})
        for line in read_table(PEOPLE)
    ]


def read_table(text: str) -> list[dict[str, str]]:
    """The lines of a table under the words of its first line."""
    head, *lines = [line.split() for line in text.strip().splitlines()]
    return [dict(zip(head, line, strict=True)) for line in lines]
