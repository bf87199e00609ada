"""Every command, as a table and as JSON, with its exit codes."""

from pathlib import Path

import pytest

from tests.api.client import ApiClient
from tests.api.paths import AD_HOC, MONTH_END, PRIMARY, REPORTING, group_path
from tests.api.test_schedules import PLAN
from tests.client.conftest import Cgp, cgp_of, check
from tests.conftest import StartPortal
from tests.support.browser import Browser
from tests.support.portal import NO_BUDGET, PortalProcess
from tests.support.schedules import forget_schedules
from tests.support.waiting import wait_until

LARGER = ("--min-memory", "16", "--max-memory", "32")


def test_groups(cgp: Cgp, portal: PortalProcess) -> None:
    head, *rows = cgp("groups").out.splitlines()
    assert head.split() == ["NAME", "STATE", "SIZE", "BOOST", "UNTIL", "ID"]
    assert [row.split("  ")[0] for row in rows][:2] == [PRIMARY, REPORTING]
    assert len(cgp("groups", "--json").json["groups"]) == 5


def test_show_by_name_and_by_id(cgp: Cgp, portal: PortalProcess) -> None:
    assert "3 x 16-32 GB, idles after 15 min" in cgp("show", PRIMARY).out
    service = portal.sandbox.service_id(PRIMARY)
    for named in (service, service.upper(), PRIMARY, PRIMARY.upper()):
        assert cgp("show", named, "--json").json["group"]["service_id"] == service
    told = cgp("show", "nowhere", "--json", code=1)
    assert told.error["code"] == "not_found"
    assert told.out == ""


def test_scale_says_first_and_then_does_it_once(cgp: Cgp, portal: PortalProcess) -> None:
    assert "1 x 16-32 GB" in cgp("scale", REPORTING, *LARGER, "--dry-run").out
    preview = cgp("scale", REPORTING, *LARGER, "--dry-run", "--json").json["preview"]
    assert preview["will_be"]["max_memory_gb"] == 32
    assert portal.sandbox.patches() == []
    key = ("--idempotency-key", "once")
    first = cgp("scale", REPORTING, *LARGER, "--json", "--wait", *key).json["change"]
    assert (first["state"], first["effect"]) == ("applied", "in_effect")
    assert first["reference"] in cgp("scale", REPORTING, *LARGER, *key).out
    assert len(portal.sandbox.patches()) == 1
    assert "already set" in cgp("scale", REPORTING, *LARGER, "--json").json["message"]


@pytest.mark.parametrize(
    ("words", "target"),
    [
        (("--max-memory", "32"), {"min_memory_gb": 8, "max_memory_gb": 32}),
        (("--replicas", "2"), {"min_replicas": 2, "max_replicas": 2}),
        (("--idle-timeout", "20"), {"idle_timeout_minutes": 20}),
        (("--no-idle",), {"idle_scaling": False}),
    ],
)
def test_what_is_not_said_stays_as_it_is(
    cgp: Cgp, words: tuple[str, ...], target: dict[str, object]
) -> None:
    will_be = cgp("scale", REPORTING, *words, "--dry-run", "--json").json["preview"]["will_be"]
    assert will_be.items() >= target.items()
    assert will_be["min_memory_gb"] == 8


def test_wake_start_and_stop(cgp: Cgp, portal: PortalProcess) -> None:
    assert cgp("wake", AD_HOC, "--json").json["change"]["act"] == "wake"
    assert "start" in cgp("start", MONTH_END, "--reason", "month end").out
    assert cgp("stop", REPORTING, "--json", code=2).error["code"] == "not_confirmed"
    assert cgp("stop", REPORTING, "--confirm", "other", "--json", code=5).error["errors"]
    assert "stop" in cgp("stop", REPORTING, "--confirm", REPORTING).out
    assert cgp("stop", MONTH_END, "--confirm", MONTH_END, "--json", code=5).error["code"]


def test_boost_begins_and_ends(cgp: Cgp) -> None:
    words = ("boost", PRIMARY, "--memory", "64", "--for", "2h")
    assert "3 x 64 GB" in cgp(*words, "--dry-run").out
    assert cgp(*words, "--dry-run", "--json").json["preview"]["ends_at"]
    begun = cgp(*words, "--json", "--reason", "month end", "--wait").json["boost"]
    assert begun["asked"]["min_memory_gb"] == 64
    assert cgp("show", PRIMARY, "--json").json["group"]["boost"]["reference"] == begun["reference"]
    assert "ended_early" in cgp("boost", PRIMARY, "--end").out
    assert cgp("boost", PRIMARY, "--memory", "64", "--json", code=2).error["code"] == "no_duration"


def test_changes_and_schedule(cgp: Cgp) -> None:
    cgp("scale", REPORTING, *LARGER, "--reason", "why")
    assert "applied" in cgp("changes", REPORTING).out
    assert cgp("changes", REPORTING, "--json").json["changes"][0]["reason"] == "why"
    assert "Decides now" in cgp("schedule", "show", REPORTING).out
    assert cgp("schedule", "show", REPORTING, "--json").json["schedule"]["decides"]


def test_a_schedule_that_stops_its_group(cgp: Cgp, portal: PortalProcess) -> None:
    program = ApiClient(portal.url, portal.sandbox.person("alice"))
    path = group_path(portal.sandbox, part="schedule")
    plan = {**PLAN, "outside": "stop", "start_minutes_before": 20}
    program.send("PUT", path, 200, json=plan)
    told = cgp("schedule", "show", REPORTING).out
    program.send("DELETE", path, 200)
    forget_schedules(portal)
    assert "stopped, started 20 minutes before each" in told


def test_spend(cgp: Cgp) -> None:
    assert "Month so far" in cgp("spend", PRIMARY).out
    assert cgp("spend", PRIMARY, "--json").json["spend"]["days"] is not None


def test_rules_refuse_with_5_and_wrong_use_with_2(cgp: Cgp, portal: PortalProcess) -> None:
    broken = cgp("scale", REPORTING, "--max-memory", "33", "--json", code=5).error
    assert broken["errors"][0]["code"] == "memory_not_multiple"
    cgp("scale", REPORTING, code=2)
    cgp("scale", REPORTING, "--max-memory", "much", code=2)
    cgp("boost", PRIMARY, "--memory", "64", "--for", "soon", code=2)
    cgp("nothing-like-it", code=2)
    assert portal.sandbox.writes() == []


def test_a_token_that_is_none_is_4(cgp: Cgp) -> None:
    assert cgp("groups", "--json", code=4, CGP_TOKEN="cgp_x").error["code"] == "token_unknown"
    assert cgp("groups", "--json", code=4, CGP_TOKEN="").error["code"] == "no_token"


def test_waiting_too_long_is_7_and_the_change_goes_on(cgp: Cgp, portal: PortalProcess) -> None:
    words = ("--reason", "month end", "--wait", "--timeout", "1s", "--json")
    told = cgp("start", MONTH_END, *words, code=7).error
    assert (
        told["change_reference"]
        == cgp("changes", MONTH_END, "--json").json["changes"][0]["reference"]
    )


def test_waiting_outlives_a_restart_of_the_portal(
    start_portal: StartPortal, tmp_path: Path
) -> None:
    portal = start_portal(entry=NO_BUDGET)
    browser = Browser(portal.url)
    browser.sign_in(portal.sandbox.person("alice"))
    cgp = cgp_of(portal, browser, tmp_path)
    words = ("--max-memory", "32", "--wait", "--timeout", "80s", "--json")
    waiting = cgp.start("scale", REPORTING, *words)
    wait_until(lambda: bool(portal.sandbox.patches()))
    portal.restart()
    portal.sandbox.advance(60)
    out, err = waiting.communicate(timeout=90)
    assert waiting.returncode == 0, err
    change = check(out)["change"]
    assert (change["state"], change["effect"]) == ("applied", "in_effect")
    assert len(portal.sandbox.patches()) == 1


def test_nothing_is_coloured_that_no_terminal_reads(cgp: Cgp) -> None:
    assert "\x1b" not in cgp("groups").out


def test_completion_for_both_shells(cgp: Cgp) -> None:
    assert "#compdef cgp" in cgp("completion", "zsh").out
    assert "complete -o nosort" in cgp("completion", "bash").out
