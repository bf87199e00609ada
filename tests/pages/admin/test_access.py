"""Who may do what, in a matrix and as a search, with the rules that say so."""

from typing import Any

from bs4 import Tag

from tests.api.paths import ANALYTICS
from tests.pages.admin.administrator import AdminBrowser
from tests.pages.admin.sections import folds, section
from tests.support.browser import Page
from tests.support.page_checks import words
from tests.support.portal import PortalProcess

ALL = "view, wake, boost, scale, start/stop, schedule, audit"


def search(admin: AdminBrowser, user: str = "", roles: str = "") -> Page:
    """What somebody may do."""
    return admin.get(f"/admin/access/search?user={user}&roles={roles}")


def answers(page: Page) -> list[str]:
    """What was found, one line for each set of groups."""
    return [words(tag) for tag in page.soup.select(".answer")]


def test_the_search_names_the_rule_that_gave_each_permission(admin: AdminBrowser) -> None:
    assert f"Analytics {ALL} in all 5 groups" in search(admin, "alice").main
    (by_role,) = answers(search(admin, roles="analytics_viewer"))
    assert by_role.startswith("Analytics: view All 5 groups")
    assert "May view the group view Given to the role analytics_viewer" in by_role
    assert "(warehouses[0].access[1])" in by_role
    assert "May not change its size scale No rule gives it" in by_role


def test_the_search_is_a_form_on_the_page_of_the_matrix(admin: AdminBrowser) -> None:
    page = admin.get("/admin/access")
    form = page.soup.select_one("form.find")
    assert form is not None
    assert form["action"] == "/admin/access/search"
    assert [str(item["name"]) for item in form.select("input")] == ["user", "roles"]


def test_name_and_roles_count_together(admin: AdminBrowser, portal: PortalProcess) -> None:
    rule = {"users": ["bob"], "permissions": ["power"]}
    portal.configure(lambda config: config["warehouses"][0]["access"].append(rule))
    (found,) = answers(search(admin, "bob", "analytics_viewer, other"))
    assert found.startswith("Analytics: view, start/stop All 5 groups")


def test_the_search_names_the_rule_that_denied_a_permission(
    admin: AdminBrowser, portal: PortalProcess
) -> None:
    def deny(config: dict[str, Any]) -> None:
        group = config["warehouses"][0]["groups"][1]
        group.setdefault("access", []).append({"users": ["alice"], "deny": ["power"]})

    portal.configure(deny)
    page = search(admin, "alice")
    given = "view, wake, boost, scale, schedule, audit"
    assert f"{given} in all 5 groups; start/stop in 4 of 5 groups" in page.main
    denied = (
        "May not start and stop it start/stop Denied by name (warehouses[0].groups[1].access[0])"
    )
    assert denied in folds(page)["Analytics reporting"]


def test_of_somebody_unknown_and_of_nobody(admin: AdminBrowser) -> None:
    assert "No rule speaks of them." in search(admin, "zoe").main
    page = admin.get("/admin/access/search?user=%20&roles=", status=422)
    assert page.problem("user") == "Enter a user, a role, or both"
    page = admin.get(f"/admin/access/search?user={'x' * 257}&roles=", status=422)
    assert page.problem("user") == "Shorten the name to 256 characters"
    page = admin.get(f"/admin/access/search?user=&roles={'x,' * 30}{'y' * 257}", status=422)
    assert page.problem("roles") == "Enter at most 50 roles, separated by commas"


def test_a_role_is_written_as_clickhouse_writes_it(
    admin: AdminBrowser, portal: PortalProcess
) -> None:
    rule = {"clickhouse_roles": ["Night_Shift"], "permissions": ["view"]}
    portal.configure(lambda config: config["warehouses"][1]["access"].append(rule))
    (found,) = answers(search(admin, roles="Night_Shift"))
    assert "Given to the role Night_Shift (warehouses[1].access[1])" in found
    assert "No rule speaks of them." in search(admin, roles="night_shift").main


def grid(page: Page) -> list[list[str]]:
    """The table of permissions: its head and its rows."""
    table = section(page, "matrix").find("table")
    assert isinstance(table, Tag)
    return [[words(cell) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]


def test_everybody_and_every_group_stand_in_one_grid_with_the_rules(
    admin: AdminBrowser, portal: PortalProcess
) -> None:
    def crowd(config: dict[str, Any]) -> None:
        analytics = config["warehouses"][0]
        names = [f"person-{number:02}" for number in range(20)]
        analytics["access"].append({"users": names, "permissions": ["scale"]})
        reporting = next(it for it in analytics["groups"] if it["name"] == "Analytics reporting")
        reporting["access"] = [
            {"users": ["person-07"], "permissions": ["power"], "deny": ["scale"]},
            {"users": ["person-08"], "deny": ["view"]},
        ]

    portal.configure(crowd)
    head, *rows = grid(admin.get("/admin/access"))
    assert head == ["User or role", *sorted(ANALYTICS)]
    assert len(rows) == 1 + 20 + 1  # alice, the crowd, a role
    by_label = {row[0]: row[1:] for row in rows}
    assert by_label["alice"] == ["owner by rule [1]"] * 5
    usual = "view, scale by rule [3]"
    assert by_label["person-00"] == [usual] * 5
    place = sorted(ANALYTICS).index("Analytics reporting")
    denied = "view, start/stop; not boost, scale by rule [4]"
    assert by_label["person-07"][place] == denied
    assert by_label["person-08"][place] == "not view by rule [3, 5]"
    assert by_label["everybody with the role analytics_viewer"] == ["viewer by rule [2]"] * 5
    rules = [words(item) for item in section(admin.page, "matrix").select("ol.rules li")]
    assert rules[0] == f"alice: gives {ALL} warehouses[0].access[0]"
    assert rules[1] == "role analytics_viewer: gives view warehouses[0].access[1]"
    assert rules[3].startswith("person-07: gives start/stop; denies boost, scale warehouses[0].")
    marketing = grid(admin.get(admin.page.link("Marketing")))
    assert marketing[0] == ["User or role", "Marketing campaigns"]


def test_groups_stand_in_natural_order_and_both_ways_have_pages(
    admin: AdminBrowser, portal: PortalProcess
) -> None:
    def many(config: dict[str, Any]) -> None:
        analytics = config["warehouses"][0]
        analytics["access"].append({"users": [f"p{n}" for n in range(30)], "permissions": ["view"]})
        (first, *_) = analytics["groups"]
        ids = [f"0c000000-0000-4000-8000-00000000{n:04}" for n in range(9000, 9025)]
        more = [{**first, "service_id": key, "name": f"g{n}"} for n, key in enumerate(ids)]
        analytics["groups"] = [first, *more[::-1]]
        analytics.pop("max_replicas")

    portal.configure(many)
    head, *rows = grid(admin.get("/admin/access"))
    assert head[1:5] == ["Analytics primary", "g0", "g1", "g2"]
    assert head[-1] == "g18"
    assert len(rows) == 25
    assert grid(admin.get(admin.page.link("Next groups")))[0][1:] == [
        f"g{n}" for n in range(19, 25)
    ]
    assert len(grid(admin.get(admin.page.link("Next people and roles")))) == 1 + 7
    admin.get("/admin/access?warehouse=nowhere&people=x&groups=-1")
