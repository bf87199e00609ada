"""One service that Cloud describes badly: its own group suffers, the others work."""

from tests.conftest import SignIn
from tests.pages.people import confirm, draft
from tests.support.page_checks import words
from tests.support.sandbox import RunningSandbox

PRIMARY = "Analytics primary"


def test_the_others_are_shown_and_can_be_changed(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    sandbox.force(PRIMARY, id=None)
    alice = sign_in("alice")
    listed = alice.get("/groups")
    assert "makes no sense" not in listed.main
    (row,) = [words(row) for row in listed.soup.select("tbody tr") if PRIMARY in words(row)]
    assert "Not visible to the portal" in row
    draft(alice, sandbox)
    assert confirm(alice).status == 200
    assert sandbox.patches() == [{"maxReplicaMemoryGb": 64}]
