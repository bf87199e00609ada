"""Several processes serve, one of them leads the jobs, and its death or absence harms nothing."""

import os
import signal
import subprocess
import sys
import time

import pytest
import requests

from tests.conftest import StartPortal
from tests.pages.admin.administrator import NAME, PASSWORD, AdminBrowser
from tests.pages.people import REPORTING, confirm, draft, group_path, reference_of
from tests.support.browser import Browser
from tests.support.leading import TAKEN_OVER_SECONDS, leader, lease, paused, processes
from tests.support.portal import ROOT, PortalProcess, administrator_settings
from tests.support.sandbox import RunningSandbox
from tests.support.waiting import wait_until

RECONCILED_SECONDS = 15.0


@pytest.fixture
def pair(start_portal: StartPortal) -> PortalProcess:
    """A portal of two processes, both of which have reported."""
    portal = start_portal(WEB_CONCURRENCY="2", **administrator_settings(NAME, PASSWORD))
    wait_until(lambda: len(processes(portal)) == 2 and leader(portal) != 0)
    return portal


def state(portal: PortalProcess, reference: str) -> str:
    ((found,),) = portal.execute("SELECT state FROM changes WHERE reference = ?", reference)
    return str(found)


def alice_of(portal: PortalProcess, sandbox: RunningSandbox) -> Browser:
    """Alice, with a connection for each request, so that either process answers."""
    alice = Browser(portal.url)
    alice.session.headers["Connection"] = "close"
    alice.sign_in(sandbox.person("alice"))
    return alice


def confirm_unseen(alice: Browser) -> None:
    """Press the button, and look at nothing afterwards."""
    form = alice.page.form_of(f"Scale {REPORTING}")
    fields = {str(tag["name"]): str(tag["value"]) for tag in form.select("input[name]")}
    headers = {"Origin": alice.url, "Sec-Fetch-Site": "same-origin"}
    path = str(form["action"])
    assert alice.fetch("POST", path, data=fields, headers=headers).status_code == 303


def test_the_main_journey_works_over_both_and_each_is_seen(
    pair: PortalProcess, sandbox: RunningSandbox
) -> None:
    alice = alice_of(pair, sandbox)
    for _ in range(8):
        alice.get("/groups")
        alice.get(group_path(sandbox))
    draft(alice, sandbox)
    assert confirm(alice).text(".headline-state") == "Accepted, taking effect"
    assert sandbox.patches() == [{"maxReplicaMemoryGb": 64}]
    answered = set()
    for _ in range(40):
        text = requests.get(f"{pair.url}/metrics", timeout=10).text
        answered |= {line for line in text.splitlines() if line.startswith("portal_process_info")}
    assert len(answered) == 2
    assert processes(pair) == set(pair.workers())
    assert leader(pair) in pair.workers()
    assert "portal_processes 2.0" in text
    assert "portal_rules_files_differ 0.0" in text


def names_of_runs(pair: PortalProcess) -> set[str]:
    """The jobs that were run."""
    return {str(name) for (name,) in pair.execute("SELECT name FROM job_runs")}


def test_who_leads_and_when_jobs_ran_is_told_by_either_process(pair: PortalProcess) -> None:
    wait_until(lambda: {"tidy", "reconcile"} <= names_of_runs(pair))
    root = AdminBrowser(pair.url)
    root.sign_in_as_admin()
    page = root.get("/admin/jobs")
    holder, _ = lease(pair)
    assert f"{holder}, until" in page.main
    assert all(str(process) in page.main for process in pair.workers())
    jobs = [[*tag.stripped_strings] for tag in page.soup.select("#main th, th")]
    meanings = {name: words for name, *words in jobs if name in names_of_runs(pair)}
    assert {"tidy", "reconcile"} <= meanings.keys()
    assert all(meanings.values()), meanings
    ready = requests.get(f"{pair.url}/readyz", timeout=10).text
    assert ready.startswith(f"ready\nworker: {holder} leads the jobs")
    proxied = requests.get(f"{pair.url}/readyz", headers={"Via": "1.1 proxy"}, timeout=10)
    assert proxied.text == "ready\n"


@pytest.mark.timeout(180)
def test_after_the_death_of_the_leader_another_one_reconciles_what_nobody_reads(
    pair: PortalProcess, sandbox: RunningSandbox
) -> None:
    alice = alice_of(pair, sandbox)
    reference = reference_of(draft(alice, sandbox))
    sandbox.fault("PATCH *", "drop_after_apply")
    dead, (_, epoch) = leader(pair), lease(pair)
    os.kill(dead, signal.SIGKILL)
    confirm_unseen(alice)
    assert state(pair, reference) == "unknown"
    wait_until(lambda: lease(pair)[1] == epoch + 1, seconds=TAKEN_OVER_SECONDS)
    assert leader(pair) != dead
    wait_until(lambda: state(pair, reference) == "applied", seconds=RECONCILED_SECONDS)
    sandbox.advance(3600)
    wait_until(
        lambda: (
            pair.execute("SELECT count(*) FROM changes WHERE effective_at IS NOT NULL") == [(1,)]
        ),
        seconds=RECONCILED_SECONDS,
    )
    asked = len(sandbox.requests("cloud"))
    time.sleep(7)
    assert len(sandbox.requests("cloud")) == asked  # nothing is open, so Cloud is left alone
    assert len(sandbox.patches()) == 1


@pytest.mark.timeout(180)
def test_a_leader_that_was_paused_past_its_lease_leads_no_more(
    pair: PortalProcess, sandbox: RunningSandbox
) -> None:
    alice = alice_of(pair, sandbox)
    reference = reference_of(draft(alice, sandbox))
    sandbox.fault("PATCH *", "drop_after_apply")
    confirm_unseen(alice)
    old, (_, epoch) = leader(pair), lease(pair)
    with paused(old):
        wait_until(lambda: lease(pair)[1] == epoch + 1, seconds=TAKEN_OVER_SECONDS)
        wait_until(lambda: state(pair, reference) == "applied", seconds=RECONCILED_SECONDS)
    wait_until(lambda: "another process leads the jobs now" in pair.read_log())
    new = leader(pair)
    assert new != old
    assert set(pair.workers()) == {old, new}
    settled = """SELECT count(*) FROM events WHERE reference = ? AND text LIKE '%"reading"%'"""
    assert pair.execute(settled, reference) == [(1,)]
    assert lease(pair)[1] == epoch + 1


def test_a_new_generation_of_processes_leads_at_once_after_hanging_up(
    pair: PortalProcess, sandbox: RunningSandbox
) -> None:
    before, (_, epoch) = set(pair.workers()), lease(pair)
    pair.hang_up()
    wait_until(lambda: len(pair.workers()) == 2 and not before & set(pair.workers()))
    wait_until(lambda: lease(pair)[1] > epoch and leader(pair) in pair.workers(), seconds=10)
    wait_until(lambda: processes(pair) == set(pair.workers()))


def test_the_worker_runs_apart_and_ends_in_good_order(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    portal = start_portal(PORTAL_WORKER="apart")
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    worker = subprocess.Popen(command, cwd=ROOT, env=portal._environ(), stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: leader(portal) == worker.pid)
        alice = alice_of(portal, sandbox)
        reference = reference_of(draft(alice, sandbox))
        sandbox.fault("PATCH *", "drop_after_apply")
        confirm_unseen(alice)
        wait_until(lambda: state(portal, reference) == "applied", seconds=RECONCILED_SECONDS)
        worker.terminate()
        assert worker.wait(10) == 0
    finally:
        worker.kill()
        worker.wait()
    assert leader(portal) == 0
    assert processes(portal) == set(portal.workers())
    assert "shutdown" in str(portal.execute("SELECT kind FROM events ORDER BY seq DESC LIMIT 1"))


def test_all_processes_end_in_good_order_and_leave_one_file(pair: PortalProcess) -> None:
    workers = set(pair.workers())
    pair.stop()
    ended = pair.execute("SELECT text FROM events WHERE kind = 'sys_shutdown'")
    assert len(ended) == len(workers) == 2
    assert (leader(pair), processes(pair)) == (0, set())
    assert "Traceback" not in pair.read_log()
