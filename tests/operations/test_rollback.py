"""Going back to this version from the next one, as docs/operating.md says."""

from pathlib import Path

import pytest
import requests

from tests.conftest import StartPortal
from tests.operations.next_version import NEXT, make_next_version, running_version
from tests.operations.steps import Records, command
from tests.pages.people import confirm, draft, reference_of
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    """With a migration of its own."""
    folder = tmp_path / "next"
    folder.mkdir()
    return make_next_version(folder, with_migration=True)


def serve_for_a_moment(version: Path, portal: PortalProcess) -> None:
    """The next version serves what this one has left, then stops."""
    with running_version(version, portal) as url:
        figures = requests.get(f"{url}/metrics", timeout=20).text
        assert f'portal_build_info{{version="{NEXT}"}} 1.0' in figures
        assert requests.get(f"{url}/readyz", timeout=20).status_code == 200


def test_with_a_migration_in_between_going_back_needs_the_backup_made_before(
    records: Records, next_version: Path, sandbox: RunningSandbox
) -> None:
    portal = records.portal
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    reference = reference_of(draft(alice, sandbox))
    confirm(alice)
    records.back_up()
    portal.stop()
    serve_for_a_moment(next_version, portal)

    with pytest.raises(AssertionError, match="made by a newer version of the portal"):
        portal.start()
    portal.kill()

    records.put_back()
    portal.start()
    assert command(portal, "audit", "accept").returncode == 0
    assert requests.get(f"{portal.url}/readyz", timeout=20).status_code == 200
    assert command(portal, "audit", "verify").returncode == 0
    alice.get(f"/changes/{reference}")


def test_without_a_migration_in_between_the_older_version_starts_on_what_is_there(
    start_portal: StartPortal, tmp_path: Path, sandbox: RunningSandbox
) -> None:
    (tmp_path / "next").mkdir()
    version = make_next_version(tmp_path / "next", with_migration=False)
    portal = start_portal()
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    portal.stop()
    serve_for_a_moment(version, portal)
    portal.start()
    assert requests.get(f"{portal.url}/readyz", timeout=20).status_code == 200
    assert command(portal, "audit", "verify").returncode == 0
    alice.get("/groups")
