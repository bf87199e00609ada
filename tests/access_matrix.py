"""Who may do what, through which door: people x groups x acts, written down by hand.

`PEOPLE` says what each person is to each group; `DOORS` says for each door and act how it ends
for whoever is that. Nothing here is taken from the portal's own rules.

    nothing    the group does not exist for this person, by whatever address
    view, wake, scale, power, audit    that permission, and to look
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
alice    analytics  shipped  owner     owner      owner     owner     owner      nothing
bob      analytics  shipped  view      view       view      view      view       nothing
charlie  analytics  shipped  nothing   nothing    nothing   nothing   nothing    nothing
norah    analytics  shipped  nothing   nothing    nothing   nothing   nothing    nothing
default  analytics  shipped  nothing   nothing    nothing   nothing   nothing    nothing
dana     marketing  shipped  nothing   nothing    nothing   nothing   nothing    operator
default  marketing  shipped  nothing   nothing    nothing   nothing   nothing    nothing
admin    none       shipped  admin     admin      admin     admin     admin      admin
nobody   none       shipped  nobody    nobody     nobody    nobody    nobody     nobody
charlie  analytics  further  nothing   nothing    wake      nothing   nothing    nothing
norah    analytics  further  scale     scale      scale     scale     scale      nothing
quinn    analytics  further  view      view       view      view      power      nothing
default  analytics  further  audit     audit      audit     audit     audit      nothing
bob      analytics  further  operator  wake       operator  nothing   operator   nothing
default  marketing  further  nothing   nothing    nothing   nothing   nothing    owner
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
act                     nothing  view     wake     scale    power    audit    operator owner    admin    nobody
list                    absent   listed   listed   listed   listed   listed   listed   listed   sign-in  sign-in
list-live               absent   listed   listed   listed   listed   listed   listed   listed   ended    ended
group                   hidden   shown    shown    shown    shown    shown    shown    shown    sign-in  sign-in
group-live              hidden   shown    shown    shown    shown    shown    shown    shown    ended    ended
account                 absent   listed   listed   listed   listed   listed   listed   listed   sign-in  sign-in
scale-form              hidden   refused  refused  shown    refused  refused  shown    shown    sign-in  sign-in
scale-form-from         hidden   refused  refused  shown    refused  refused  shown    shown    sign-in  sign-in
propose                 hidden   refused  refused  done     refused  refused  done     done     sign-in  sign-in
wake                    hidden   refused  done     refused  refused  refused  done     done     sign-in  sign-in
start                   hidden   refused  refused  refused  done     refused  refused  done     sign-in  sign-in
stop                    hidden   refused  refused  refused  done     refused  refused  done     sign-in  sign-in
others-draft-review     hidden   hidden   hidden   hidden   hidden   hidden   hidden   hidden   sign-in  sign-in
others-draft-confirm    hidden   hidden   hidden   hidden   hidden   hidden   hidden   hidden   sign-in  sign-in
others-draft-show       hidden   hidden   hidden   hidden   hidden   hidden   hidden   hidden   sign-in  sign-in
others-draft-live       hidden   hidden   hidden   hidden   hidden   hidden   hidden   hidden   ended    ended
others-draft-settle     hidden   hidden   hidden   hidden   hidden   hidden   hidden   hidden   sign-in  sign-in
others-change-review    hidden   hidden   hidden   hidden   hidden   hidden   hidden   hidden   sign-in  sign-in
others-change-confirm   hidden   hidden   hidden   hidden   hidden   hidden   hidden   hidden   sign-in  sign-in
others-change-show      hidden   hidden   hidden   hidden   hidden   shown    hidden   shown    sign-in  sign-in
others-change-live      hidden   hidden   hidden   hidden   hidden   shown    hidden   shown    ended    ended
others-change-settle    hidden   hidden   hidden   hidden   hidden   refused  hidden   done     sign-in  sign-in
own-draft-review        hidden   shown    shown    shown    shown    shown    shown    shown    sign-in  sign-in
own-draft-confirm       hidden   refused  refused  done     refused  refused  done     done     sign-in  sign-in
own-change-show         hidden   shown    shown    shown    shown    shown    shown    shown    sign-in  sign-in
own-change-live         hidden   shown    shown    shown    shown    shown    shown    shown    ended    ended
others-stuck-show       hidden   shown    shown    shown    shown    shown    shown    shown    sign-in  sign-in
others-stuck-live       hidden   shown    shown    shown    shown    shown    shown    shown    ended    ended
others-stuck-settle     hidden   refused  refused  done     refused  refused  done     done     sign-in  sign-in
own-stuck-settle        hidden   refused  refused  done     refused  refused  done     done     sign-in  sign-in
"""  # noqa: E501 - a table is read by its columns

DOORS = {"pages": PAGES}

PERSONAL = """
act                     person         admin    nobody
admin-area              admin-sign-in  shown    admin-sign-in
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
