"""The administrator sees the portal as it understood its settings and its rules."""

from typing import Any

import pytest

from app.settings import ENVIRONMENT
from tests.conftest import SignIn, StartPortal
from tests.pages.admin.administrator import NAME, PASSWORD, AdminBrowser
from tests.pages.admin.sections import folds, section
from tests.support.page_checks import words
from tests.support.portal import SECRET_KEY, PortalProcess, administrator_settings
from tests.support.sandbox import RunningSandbox


# ASVS 13.3.1
def test_every_setting_is_shown_and_no_secret(
    admin: AdminBrowser, portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    page = admin.get("/admin/settings")
    shown = page.soup.main
    assert shown is not None
    names = [words(tag) for tag in shown.find_all("dt")]
    assert names == [setting.name for setting in ENVIRONMENT]
    values = dict(zip(names, map(words, shown.select("dd > code")), strict=True))
    assert values["PORTAL_PORT"] == str(portal.port)
    assert values["PORTAL_ENV_FILE"] == "not set"
    not_given = {"PORTAL_METRICS_TOKEN", "PORTAL_OIDC_CLIENT_SECRETS"}
    secrets = {item.name for item in ENVIRONMENT if item.is_secret} - not_given
    assert {values[name] for name in secrets} == {"set"}
    assert {values[name] for name in not_given} == {"not set"}
    for secret in (SECRET_KEY, PASSWORD, "scrypt:", sandbox.world["api_key_secret"]):
        assert secret not in page.response.text
    assert sandbox.world["api_key_id"] not in page.response.text


def test_the_limits_of_each_group_are_shown(admin: AdminBrowser) -> None:
    found = folds(admin.get("/admin/limits"))
    assert "Total memory at most 480 GB" in found["Analytics reporting"]
    assert "and above 256 GB total" in found["Analytics reporting"]
    assert "Never idle no" in found["Analytics archive"]
    assert "Replicas 2 to 8" in found["Marketing campaigns"]
    assert "at most 20 replicas" in admin.page.main


# ASVS 13.3.4
def test_the_health_of_the_key_is_shown(admin: AdminBrowser, sandbox: RunningSandbox) -> None:
    assert "The key works and sees 6 services." in words(section(admin.get("/admin/cloud"), "key"))
    sandbox.fault("GET *", "status", status=401)
    assert "Needs attention: The key does not work" in words(
        section(admin.get("/admin/cloud"), "key")
    )


def test_nothing_is_said_of_groups_of_which_nothing_was_ever_read(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    sandbox.fault("GET *", "status", status=401)
    portal = start_portal(**administrator_settings(NAME, PASSWORD))
    admin = AdminBrowser(portal.url)
    overview = admin.sign_in_as_admin()
    assert words(section(overview, "states")) == "Groups Nothing was ever read of them."
    file = words(section(admin.get("/admin/cloud"), "groups-file"))
    assert "Nothing was ever read of ClickHouse Cloud that it could be compared with." in file
    assert "It names every service" not in file


def test_faults_of_the_file_close_all_changes_and_are_shown_line_by_line(
    admin: AdminBrowser, portal: PortalProcess, sign_in: SignIn
) -> None:
    alice = sign_in("alice")
    portal.configure(lambda config: config["warehouses"][0].update(key="Not a slug"))
    faults = admin.get("/admin").main
    assert admin.get("/admin/freeze").text(".notice") in faults
    assert "the file of groups and permissions has faults" in faults
    assert "warehouses[0].key: is not a plain word." in faults
    page = alice.get("/groups")
    assert "The file of groups and permissions has faults." in page.text(".freeze")
    assert "Analytics primary" in page.main


def test_the_difference_of_the_file_of_groups_from_cloud_is_shown(
    admin: AdminBrowser, portal: PortalProcess
) -> None:
    same = section(admin.get("/admin/cloud"), "groups-file")
    assert "It names every service that the key sees" in words(same)

    def change(content: dict[str, Any]) -> dict[str, Any]:
        groups = content["warehouses"][0]["groups"]
        groups[0]["name"] = "Main"
        groups.pop()
        return content

    portal.configure(change)
    lines = [
        words(item) for item in section(admin.get("/admin/cloud"), "groups-file").find_all("li")
    ]
    assert len(lines) == 2
    assert lines[0].startswith("Missing: Analytics month end (")
    assert lines[1].startswith("Renamed: Main (")


@pytest.mark.parametrize(
    ("path", "current", "place"),
    [
        ("", "page", "Overview"),
        ("/sessions", "page", "Sessions"),
        ("/access/search?user=alice&roles=", "true", "Access"),
        ("/audit", "page", "Audit log"),
    ],
)
def test_the_way_around_marks_where_one_is(
    admin: AdminBrowser, path: str, current: str, place: str
) -> None:
    marked = admin.get(f"/admin{path}").soup.select(".area-places [aria-current]")
    assert [(words(item), item["aria-current"]) for item in marked] == [(place, current)]
