"""The form and the JSON API are two doors to the same rules: one table goes through both."""

import pytest

from tests.api.conftest import Call
from tests.api.page_channel import UNCHANGED, as_on_page, ask_by_page, codes_on, confirm_by_page
from tests.api.paths import CAMPAIGNS, group_path
from tests.api.payloads import BROKEN, PAYLOADS, SAME, VALID, Payload
from tests.conftest import SignIn
from tests.support.audit_log import AuditLogReader, Line
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

NOTHING = "Current service configuration is already set to the requested values."


def about_changes(audit_log: AuditLogReader) -> list[Line]:
    """What the audit log tells of changes, but for where it came from and what is made up anew."""
    lines = [line for line in audit_log.lines() if not line["kind"].startswith("authn")]
    for line in lines:
        del line["time"], line["source"], line["actor"]["method"], line["object"]["reference"]
        for name in ("cloud_request_id", "cloud_milliseconds"):
            line["details"].pop(name, None)
    return lines


def codes_told(lines: list[Line]) -> set[str]:
    """Which rules are broken; fields have other names on pages where one stands for two."""
    (line,) = lines
    assert (line["kind"], line["action"]) == ("input_validation_fail", "draft")
    return {text.partition(":")[2] for text in line["details"]["problems"]}


def names(payload: Payload) -> str:
    return payload.name.encode("ascii", "backslashreplace").decode()[:100]


def who(payload: Payload) -> str:
    return "dana" if payload.group == CAMPAIGNS else "alice"


def test_the_table_is_long_and_names_no_request_twice() -> None:
    assert len(PAYLOADS) >= 60
    assert len({(item.group, str(item.asked)) for item in PAYLOADS}) == len(PAYLOADS)


@pytest.mark.parametrize("payload", BROKEN, ids=names)
def test_what_breaks_rules_breaks_the_same_at_both_channels(
    call: Call,
    sign_in: SignIn,
    sandbox: RunningSandbox,
    portal: PortalProcess,
    payload: Payload,
) -> None:
    service_id = sandbox.service_id(payload.group)
    browser, audit_log = sign_in(who(payload)), AuditLogReader(portal)
    page = ask_by_page(browser, payload, service_id)
    told = about_changes(audit_log)
    audit_log.skip()
    path = group_path(sandbox, payload.group, "changes")
    answer = call(who(payload)).post(path, payload.body, 422)
    assert codes_told(told) == codes_told(about_changes(audit_log)) != set()
    assert answer.codes == payload.codes
    assert codes_on(page) == as_on_page(frozenset(answer.codes), page)
    assert sandbox.writes() == []


@pytest.mark.parametrize("payload", VALID, ids=names)
def test_what_is_valid_sends_the_same_from_both_channels(
    call: Call,
    sign_in: SignIn,
    sandbox: RunningSandbox,
    portal: PortalProcess,
    payload: Payload,
) -> None:
    browser, audit_log = sign_in(who(payload)), AuditLogReader(portal)
    ask_by_page(browser, payload, sandbox.service_id(payload.group))
    confirm_by_page(browser, payload, sandbox.person(who(payload)).password)
    assert sandbox.patches() == [payload.patch]
    told = about_changes(audit_log)
    audit_log.skip()
    sandbox.reset()
    portal.execute("DELETE FROM changes")
    path = group_path(sandbox, payload.group, "changes")
    answer = call(who(payload)).post(path, payload.body, 201)
    assert sandbox.patches() == [payload.patch]
    assert answer.body["patch"] == payload.patch
    assert answer.body["state"] == "applied"
    assert about_changes(audit_log) == told
    assert [line["action"] for line in told] == ["draft", "confirm", "outcome"]


@pytest.mark.parametrize("payload", SAME, ids=names)
def test_what_is_configured_already_is_sent_from_neither(
    call: Call, sign_in: SignIn, sandbox: RunningSandbox, payload: Payload
) -> None:
    page = ask_by_page(sign_in(who(payload)), payload, sandbox.service_id(payload.group))
    assert UNCHANGED in page.main
    path = group_path(sandbox, payload.group, "changes")
    assert call(who(payload)).post(path, payload.body, 200).body == {"message": NOTHING}
    assert sandbox.writes() == []
