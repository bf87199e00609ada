"""The administrator sees the portal as it understood its settings and its rules."""

from typing import Any

from bs4 import Tag

from app.settings import ENVIRONMENT
from tests.api.paths import ANALYTICS
from tests.conftest import SignIn
from tests.pages.admin.administrator import PASSWORD, AdminBrowser
from tests.support.browser import Page
from tests.support.page_checks import words
from tests.support.portal import SECRET_KEY, PortalProcess
from tests.support.sandbox import RunningSandbox


def section(page: Page, name: str) -> Tag:
    """A part of the page by the id of its heading."""
    found = page.soup.select_one(f"section[aria-labelledby={name}]")
    assert found is not None
    return found


def folds(page: Page, name: str) -> dict[str, str]:
    """What can be unfolded in a part: its summary -> all its text."""
    return {
        words(fold.summary): words(fold)
        for fold in section(page, name).find_all("details")
        if fold.summary
    }


# ASVS 13.3.1
def test_every_setting_is_shown_and_no_secret(
    admin: AdminBrowser, portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    page = admin.get("/admin")
    shown = section(page, "settings")
    names = [words(tag) for tag in shown.find_all("dt")]
    assert names == [setting.name for setting in ENVIRONMENT]
    values = dict(zip(names, map(words, shown.select("dd > code")), strict=True))
    assert values["PORTAL_PORT"] == str(portal.port)
    assert values["PORTAL_ENV_FILE"] == "not set"
    secrets = {item.name for item in ENVIRONMENT if item.is_secret} - {"PORTAL_METRICS_TOKEN"}
    assert {values[name] for name in secrets} == {"set"}
    assert values["PORTAL_METRICS_TOKEN"] == "not set"
    for secret in (SECRET_KEY, PASSWORD, "scrypt:", sandbox.world["api_key_secret"]):
        assert secret not in page.response.text
    assert sandbox.world["api_key_id"] not in page.response.text


def test_the_matrix_names_the_rule_that_gave_each_permission(
    admin: AdminBrowser, sign_in: SignIn
) -> None:
    sign_in("bob")
    found = folds(admin.get("/admin"), "access")
    assert "alice view, wake, boost, scale, start/stop, schedule, audit in all 5 groups" in found
    by_role = found["everybody with the role analytics_viewer view in all 5 groups"]
    assert "May view the group view Given to the role analytics_viewer" in by_role
    assert "(warehouses[0].access[1])" in by_role
    assert "May not change its size scale No rule gives it" in by_role
    assert "bob (signed in, roles: analytics_viewer) view in all 5 groups" in found


def test_the_matrix_names_the_rule_that_denied_a_permission(
    admin: AdminBrowser, portal: PortalProcess
) -> None:
    def deny(config: dict[str, Any]) -> None:
        group = config["warehouses"][0]["groups"][1]
        group.setdefault("access", []).append({"users": ["alice"], "deny": ["power"]})

    portal.configure(deny)
    given = "view, wake, boost, scale, schedule, audit"
    label = f"alice {given} in all 5 groups; start/stop in 4 of 5 groups"
    alice = folds(admin.get("/admin"), "access")[label]
    denied = (
        "May not start and stop it start/stop Denied by name (warehouses[0].groups[1].access[0])"
    )
    assert denied in alice


def grid(page: Page) -> list[list[str]]:
    """The first table of permissions: its head and its rows."""
    table = section(page, "access").find("table")
    assert isinstance(table, Tag)
    return [[words(cell) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]


def test_everybody_and_every_group_stand_in_one_grid_with_the_rules(
    admin: AdminBrowser, portal: PortalProcess
) -> None:
    def crowd(config: dict[str, Any]) -> None:
        analytics = config["warehouses"][0]
        names = [f"person-{number:02}" for number in range(20)]
        analytics["access"].append({"users": names, "permissions": ["scale"]})
        reporting = analytics["groups"][1]
        reporting["access"] = [
            {"users": ["person-07"], "permissions": ["power"], "deny": ["scale"]},
            {"users": ["person-08"], "deny": ["view"]},
        ]

    portal.configure(crowd)
    head, *rows = grid(admin.get("/admin"))
    assert head == ["User or role", *ANALYTICS]
    assert len(rows) == 1 + 20 + 1  # alice, the crowd, a role
    by_label = {row[0]: row[1:] for row in rows}
    all_by_one = "view, wake, boost, scale, start/stop, schedule, audit by rule [1]"
    assert by_label["alice"] == [all_by_one] * 5
    usual = "view [with the others] scale by rule [3]"
    assert by_label["person-00"] == [usual] * 5
    assert by_label["person-07"] == [
        usual,
        "view [with the others] not boost, scale by rule [4] start/stop by rule [4]",
        *[usual] * 3,
    ]
    assert by_label["person-08"][1] == "not view by rule [5]"
    assert by_label["everybody with the role analytics_viewer"] == ["view by rule [2]"] * 5
    rules = [words(item) for item in section(admin.page, "access").select("ol.rules")[0]("li")]
    given = "view, wake, boost, scale, start/stop, schedule, audit"
    assert rules[0] == f"alice: gives {given} warehouses[0].access[0]"
    assert rules[1] == "role analytics_viewer: gives view warehouses[0].access[1]"
    of_one = "person-07: gives start/stop; denies boost, scale warehouses[0].groups[1].access[0]"
    assert rules[3] == of_one
    second = words(section(admin.page, "access").find_all("table")[1])
    assert "nothing" not in second
    assert "campaigns" in second


def test_a_role_is_written_as_clickhouse_writes_it(
    admin: AdminBrowser, portal: PortalProcess
) -> None:
    rule = {"clickhouse_roles": ["Night_Shift"], "permissions": ["view"]}
    portal.configure(lambda config: config["warehouses"][1]["access"].append(rule))
    found = folds(admin.get("/admin"), "access")
    by_role = found["everybody with the role Night_Shift view in the one group"]
    assert "Given to the role Night_Shift (warehouses[1].access[1])" in by_role


def test_the_limits_of_each_group_are_shown(admin: AdminBrowser) -> None:
    found = folds(admin.get("/admin"), "limits")
    assert "Total memory at most 480 GB" in found["Analytics reporting"]
    assert "and above 256 GB total" in found["Analytics reporting"]
    assert "Never idle no" in found["Analytics archive"]
    assert "Replicas 2 to 8" in found["Marketing campaigns"]
    assert "at most 20 replicas" in words(section(admin.page, "limits"))


# ASVS 13.3.4
def test_the_health_of_the_key_is_shown(admin: AdminBrowser, sandbox: RunningSandbox) -> None:
    assert "The key works and sees 6 services." in words(section(admin.get("/admin"), "key"))
    sandbox.fault("GET *", "status", status=401)
    assert "Needs attention: The key does not work" in words(section(admin.get("/admin"), "key"))


def test_faults_of_the_file_close_all_changes_and_are_shown_line_by_line(
    admin: AdminBrowser, portal: PortalProcess, sign_in: SignIn
) -> None:
    alice = sign_in("alice")
    portal.configure(lambda config: config["warehouses"][0].update(key="Not a slug"))
    faults = words(section(admin.get("/admin"), "changes"))
    assert "the file of groups and permissions has faults" in faults
    assert "warehouses[0].key: is not a plain word." in faults
    page = alice.get("/groups")
    assert "The file of groups and permissions has faults." in page.text(".freeze")
    assert "Analytics primary" in page.main


def test_the_difference_of_the_file_of_groups_from_cloud_is_shown(
    admin: AdminBrowser, portal: PortalProcess
) -> None:
    same = section(admin.get("/admin"), "groups-file")
    assert "It names every service that the key sees" in words(same)

    def change(content: dict[str, Any]) -> dict[str, Any]:
        groups = content["warehouses"][0]["groups"]
        groups[0]["name"] = "Main"
        groups.pop()
        return content

    portal.configure(change)
    lines = [words(item) for item in section(admin.get("/admin"), "groups-file").find_all("li")]
    assert len(lines) == 2
    assert lines[0].startswith("Missing: Analytics month end (")
    assert lines[1].startswith("Renamed: Main (")
