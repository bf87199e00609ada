"""Access, through which channel: people x groups x actions, written down by hand.

`PEOPLE` says what each person is to each group, and `WAYS` what somebody is who comes by another
way than one password; `CHANNELS` says for each channel and action how it ends for whoever is that.
Nothing here is taken from the portal's own rules.

    nothing    the group does not exist for this person, by whatever address
    foreign    the same, and it is in another warehouse, where this person is nobody
    elsewhere  the same for a token, which says itself to which warehouse it belongs
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

WAYS = """
way      person                     warehouse  rules    primary   reporting  ad-hoc    archive   month-end  campaigns
company  acme:erin@sandbox.example  analytics  shipped  view      view       view      view      view       foreign
company  acme:erin@sandbox.example  analytics  further  view      operator   view      nothing   view       foreign
company  acme:frank@sandbox.example analytics  shipped  nothing   nothing    nothing   nothing   nothing    foreign
both     alice                      analytics  shipped  owner     owner      owner     owner     owner      foreign
both     dana                       marketing  shipped  foreign   foreign    foreign   foreign   foreign    operator
both     bob                        analytics  further  operator  wake       operator  nothing   operator   foreign
both     default                    analytics  further  audit     audit      audit     audit     audit      foreign
both     default                    marketing  further  foreign   foreign    foreign   foreign   foreign    owner
narrow   alice                      analytics  shipped  nothing   scale      nothing   scale     nothing    elsewhere
narrow   bob                        analytics  further  nothing   view       nothing   nothing   nothing    elsewhere
wide     bob                        analytics  shipped  view      view       view      view      view       elsewhere
wide     charlie                    analytics  further  nothing   nothing    wake      nothing   nothing    elsewhere
wide     quinn                      analytics  further  view      view       view      view      power      elsewhere
wide     default                    analytics  further  audit     audit      audit     audit     audit      elsewhere
wide     dana                       marketing  shipped  elsewhere elsewhere  elsewhere elsewhere elsewhere  operator
"""  # noqa: E501 - a table is read by its columns
"""By the company's sign-in; signed in to both warehouses in one browser, the row's in use; by a
token that is for NARROW alone; by one for all groups and permissions, more than its owner has."""

BESIDE = {"analytics": "alice", "marketing": "dana"}
"""Who is signed in beside, in the other warehouse, where somebody is in both."""

NARROW = (("reporting", "archive"), ("scale",))
"""The groups and permissions of a narrow token."""

TOKENS = frozenset({"narrow", "wide"})

FURTHER_RULES: dict[str, list[dict[str, Any]]] = {
    "analytics": [
        {"users": ["norah"], "permissions": ["scale"]},
        {"users": ["default"], "permissions": ["audit"]},
        {"users": ["bob"], "permissions": ["operator"]},
    ],
    # The same name in another warehouse is somebody else.
    "marketing": [{"users": ["default"], "permissions": ["owner"]}],
    "reporting": [
        {"users": ["bob"], "deny": ["scale"]},
        {"users": ["acme:erin@sandbox.example"], "permissions": ["operator"]},
    ],
    "ad-hoc": [{"users": ["charlie"], "permissions": ["wake"]}],
    "archive": [{"users": ["bob", "acme:erin@sandbox.example"], "deny": ["view"]}],
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
# no-plan: no group has a schedule that could be given to Cloud (404), and none was (409).
# old-: the paths of the earlier service; plain: name and password in the body or the query.
API = """
action                  nothing  foreign  elsewhere view     wake     scale    power    audit    operator owner    admin    nobody
list                 absent   unproven hidden    listed   listed   listed   listed   listed   listed   listed   refused  unproven
group                hidden   unproven hidden    shown    shown    shown    shown    shown    shown    shown    refused  unproven
own-change-list      hidden   unproven hidden    listed   listed   listed   listed   listed   listed   listed   refused  unproven
others-change-list   hidden   unproven hidden    absent   absent   absent   absent   listed   absent   listed   refused  unproven
others-draft-list    hidden   unproven hidden    absent   absent   absent   absent   absent   absent   absent   refused  unproven
propose              hidden   unproven hidden    refused  refused  done     refused  refused  done     done     refused  unproven
propose-other-id     hidden   unproven hidden    refused  refused  broken   refused  refused  broken   broken   refused  unproven
dry-run              hidden   unproven hidden    refused  refused  shown    refused  refused  shown    shown    refused  unproven
boost                hidden   unproven hidden    refused  refused  refused  refused  refused  done     done     refused  unproven
boost-dry-run        hidden   unproven hidden    refused  refused  refused  refused  refused  shown    shown    refused  unproven
boost-list           hidden   unproven hidden    shown    shown    shown    shown    shown    shown    shown    refused  unproven
schedule-show        hidden   unproven hidden    shown    shown    shown    shown    shown    shown    shown    refused  unproven
schedule-hand-over   hidden   unproven hidden    refused  refused  refused  refused  refused  refused  no-plan  refused  unproven
schedule-take-back   hidden   unproven hidden    refused  refused  refused  refused  refused  refused  no-plan  refused  unproven
wake                 hidden   unproven hidden    refused  done     refused  refused  refused  done     done     refused  unproven
start                hidden   unproven hidden    refused  refused  refused  done     refused  refused  done     refused  unproven
stop                 hidden   unproven hidden    refused  refused  refused  done     refused  refused  done     refused  unproven
stop-other-name      hidden   unproven hidden    refused  refused  refused  broken   refused  refused  broken   refused  unproven
others-draft-show    hidden   unproven hidden    hidden   hidden   hidden   hidden   hidden   hidden   hidden   refused  unproven
others-change-show   hidden   unproven hidden    hidden   hidden   hidden   hidden   shown    hidden   shown    refused  unproven
others-stuck-show    hidden   unproven hidden    shown    shown    shown    shown    shown    shown    shown    refused  unproven
own-draft-show       hidden   hidden   hidden    shown    shown    shown    shown    shown    shown    shown    refused  unproven
own-change-show      hidden   hidden   hidden    shown    shown    shown    shown    shown    shown    shown    refused  unproven
old-scaling          hidden   unproven hidden    refused  refused  done     refused  refused  done     done     refused  broken
old-scaling-plain    hidden   unproven hidden    refused  refused  done     refused  refused  done     done     refused  broken
old-state            hidden   unproven hidden    shown    shown    shown    shown    shown    shown    shown    refused  broken
old-state-plain      hidden   unproven hidden    shown    shown    shown    shown    shown    shown    shown    refused  broken
old-config           hidden   unproven hidden    shown    shown    shown    shown    shown    shown    shown    refused  broken
old-ip-access-list   hidden   unproven hidden    shown    shown    shown    shown    shown    shown    shown    refused  broken
old-details          hidden   unproven hidden    shown    shown    shown    shown    shown    shown    shown    refused  broken
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
    way: str = "password"

    def __str__(self) -> str:
        way = "" if self.way == "password" else f"-by-{self.way}"
        return f"{self.person}-of-{self.warehouse}-{self.rules}{way}"

    def owner_in(self, warehouse: str) -> tuple[str, str]:
        """The warehouse and the name under which this person's own changes there stand."""
        if self.way == "both" and warehouse != self.warehouse:
            return warehouse, BESIDE[warehouse]
        return self.warehouse, self.person


def read_people() -> list[Row]:
    """Every row of `PEOPLE`."""
    return _read_rows(PEOPLE)


def read_ways() -> list[Row]:
    """Every row of `WAYS`."""
    return _read_rows(WAYS)


def _read_rows(text: str) -> list[Row]:
    return [Row(levels={key: line.pop(key) for key in GROUPS}, **line) for line in read_table(text)]


def read_table(text: str) -> list[dict[str, str]]:
    """The lines of a table under the words of its first line."""
    head, *lines = [line.split() for line in text.strip().splitlines()]
    return [dict(zip(head, line, strict=True)) for line in lines]
