"""Whatever is sent in place of a form: a clear message, never a fault, nothing sent to Cloud."""

import http.client
from collections.abc import Iterator

import pytest

from tests.conftest import SignIn
from tests.pages.people import CAMPAIGNS, REPORTING, TO_REVIEW, confirm, group_path
from tests.support.browser import Browser, values_of
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

NUMBERS = ("min_memory_gb", "max_memory_gb", "num_replicas", "idle_timeout_minutes")
NOT_NUMBERS = [
    "1e2",
    "16.5",
    "16.0",
    "16,5",
    "١٦",
    "\N{FULLWIDTH DIGIT ONE}6",
    "²",
    "NaN",
    "Infinity",
    "0x10",
    "+16",
    "--8",
    "1_6",
    "1 6",
    "16 TB",
    "GB",
    "null",
    "true",
    "[16]",
    "9" * 5000,
    "x" * 10_000,
    "1\u200b6",
    "16;DROP TABLE changes",
    "'\"><script>alert(1)</script>",
    "\x001",
    "\ufffe",
    "😀",
]


@pytest.fixture(autouse=True)
def nothing_is_sent(sandbox: RunningSandbox) -> Iterator[None]:
    yield
    assert [item["method"] for item in sandbox.writes()] in ([], ["PATCH"])
    assert not [item for item in sandbox.requests("cloud") if item["status"] == 400]


@pytest.fixture
def alice(sign_in: SignIn, sandbox: RunningSandbox) -> Browser:
    """Alice, in front of the form."""
    browser = sign_in("alice")
    browser.get(group_path(sandbox, part="scale"))
    return browser


def fields_of(browser: Browser) -> dict[str, str]:
    return dict(values_of(browser.page.form_of("Review changes")))


# ASVS 15.3.5
@pytest.mark.parametrize("text", NOT_NUMBERS, ids=lambda text: ascii(text)[:20])
def test_what_is_no_whole_number_is_said_to_be_none(alice: Browser, text: str) -> None:
    # ASVS 2.2.1
    page = alice.submit("Review changes", dict.fromkeys(NUMBERS, text), status=422)
    for field in NUMBERS:
        assert page.problem(field) == "Enter a whole number, such as 4"
    assert "<script>alert" not in page.response.text


# ASVS 1.4.2
@pytest.mark.parametrize("text", ["-8", "0", "999999999", "-999999999"])
def test_numbers_out_of_bounds_are_refused_by_the_rules(alice: Browser, text: str) -> None:
    page = alice.submit("Review changes", dict.fromkeys(NUMBERS, text), status=422)
    assert page.problem("min_memory_gb") == "Memory must be between 8 and 356 GB per replica"
    assert "must be between" in page.problem("num_replicas") + page.problem("max_memory_gb")


@pytest.mark.parametrize(
    "text", ["32 GB", " 32 ", "32GiB", "\t32\n", "32\N{NO-BREAK SPACE}GB", "032"]
)
def test_units_and_blanks_are_understood(
    alice: Browser, sandbox: RunningSandbox, text: str
) -> None:
    alice.submit("Review changes", {"max_memory_gb": text}, to=TO_REVIEW)
    confirm(alice)
    assert sandbox.patches() == [{"maxReplicaMemoryGb": 32}]


@pytest.mark.parametrize("digits", [10, 19, 40])
def test_a_made_up_configuration_with_endless_figures_is_none(
    alice: Browser, sandbox: RunningSandbox, digits: int
) -> None:
    made_up = ":".join(["vertical", *["9" * digits] * 4, "1", "15"])
    fields = fields_of(alice) | {"drawn_from": made_up, "max_memory_gb": "32"}
    page = alice.post(group_path(sandbox, part="scale"), fields, status=409)
    assert page.has("Review changes")


@pytest.mark.parametrize(
    "field", ["min_memory_gb", "drawn_from", "csrf_token", "reason", "idle_scaling"]
)
def test_a_field_that_comes_twice_is_refused(
    alice: Browser, sandbox: RunningSandbox, field: str
) -> None:
    # ASVS 15.3.7
    fields = [*fields_of(alice).items(), (field, "64")]
    page = alice.post(group_path(sandbox, part="scale"), fields, status=400)
    assert f"These fields were sent more than once: {field}." in page.main


# ASVS 15.3.3
@pytest.mark.parametrize(
    "field",
    ["autoscalingMode", "ipAccessList", "tier", "name", "memory_gb", "minReplicaMemoryGb", "\0<b>"],
)
def test_a_field_that_the_form_does_not_have_is_refused(
    alice: Browser, sandbox: RunningSandbox, field: str
) -> None:
    # ASVS 8.2.3
    page = alice.post(
        group_path(sandbox, part="scale"), fields_of(alice) | {field: "1"}, status=400
    )
    assert "The form does not know these fields:" in page.main


@pytest.mark.parametrize(
    "field", ["min_memory_gb", "max_memory_gb", "num_replicas", "idle_scaling"]
)
def test_a_field_that_is_missing_is_asked_for(
    alice: Browser, sandbox: RunningSandbox, field: str
) -> None:
    fields = fields_of(alice)
    del fields[field]
    page = alice.post(group_path(sandbox, part="scale"), fields, status=422)
    assert page.problem(field) == "Enter a value"


def test_an_empty_form_asks_for_everything(alice: Browser, sandbox: RunningSandbox) -> None:
    fields = {"csrf_token": alice.page.csrf_token}
    page = alice.post(group_path(sandbox, part="scale"), fields, status=422)
    assert len(page.summary) == 4


@pytest.mark.parametrize(
    "drawn_from",
    [
        "",
        "nonsense",
        "vertical:8:16:1:1:1",
        "vertical:8:16:1:1:1:11",
        "vertical:a:b:c:d:e:f",
        f"vertical:{'9' * 3000}:16:1:1:1:10",
        "vertical:-8:-16:-1:-1:1:None",
        "sideways:8:16:1:1:1:10",
        "vertical:8:16:1:1:2:10",
        "vertical:8.0:16:1:1:1:10",
        "\0:\0:\0:\0:\0:\0:\0",
    ],
)
def test_a_forged_origin_of_the_form_is_treated_as_a_change_meanwhile(
    alice: Browser, sandbox: RunningSandbox, drawn_from: str
) -> None:
    fields = fields_of(alice) | {"drawn_from": drawn_from, "max_memory_gb": "64"}
    page = alice.post(group_path(sandbox, part="scale"), fields, status=409)
    assert "was changed by someone else." in page.main


def test_the_form_of_the_other_mode_does_not_fit(alice: Browser, sandbox: RunningSandbox) -> None:
    fields = fields_of(alice) | {"drawn_from": "horizontal:32:32:2:6:1:15"}
    alice.post(group_path(sandbox, part="scale"), fields, status=400)
    for name in ("min_memory_gb", "max_memory_gb", "num_replicas"):
        del fields[name]
    fields |= {"memory_gb": "64", "min_replicas": "2", "max_replicas": "6"}
    alice.post(group_path(sandbox, part="scale"), fields, status=409)


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe", b"%FF%FE", b"%00", b"%ED%A0%80", b"\xed\xa0\x80", b"%", b"%zz", b"%C0%80"]
)
@pytest.mark.parametrize("field", ["num_replicas", "idle_scaling", "drawn_from"])
def test_bytes_that_are_no_text_are_no_value_either(
    alice: Browser, sandbox: RunningSandbox, raw: bytes, field: str
) -> None:
    fields = [f"{name}={value}" for name, value in fields_of(alice).items() if name != field]
    body = "&".join(fields).encode() + b"&" + field.encode() + b"=" + raw
    expected = 409 if field == "drawn_from" else 422
    if not raw.isascii():  # then nothing of the body is a form, the token included
        expected = 403
    body = body.replace(b"max_memory_gb=16", b"max_memory_gb=64")
    alice.post(group_path(sandbox, part="scale"), body, status=expected)


def test_a_reason_that_is_no_text_is_shown_as_what_it_is(
    alice: Browser, sandbox: RunningSandbox
) -> None:
    fields = fields_of(alice) | {"num_replicas": "2", "reason": ""}
    body = "&".join(f"{name}={value}" for name, value in fields.items() if name != "reason")
    raw = b"%ED%A0%80%FF%3Cb%3E"
    page = alice.post(
        group_path(sandbox, part="scale"), body.encode() + b"&reason=" + raw, to=TO_REVIEW
    )
    assert page.text("q").endswith("<b>")


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data", "text/plain", ""])
def test_a_body_of_another_kind_is_refused(
    alice: Browser, sandbox: RunningSandbox, kind: str
) -> None:
    # Nothing of it is read as a form, so the token is missing.
    path = group_path(sandbox, part="scale")
    alice.post(path, b'{"num_replicas": 2}', status=403, headers={"Content-Type": kind})


@pytest.mark.parametrize(
    "path",
    [
        "/changes/%ED%A0%80",
        "/changes/%00",
        "/changes/%FF",
        "/changes/%F0%9F%98%80/review",
        "/changes/AAAA-AAAA",
        "/changes/aaaa-aaaa'--",
        "/changes/../../etc/passwd",
        "/changes/%2e%2e%2fgroups",
        "/changes/" + "A" * 1500,
        "/groups/%00",
        "/groups/%ED%A0%80/scale",
        "/groups/..%2f..%2fkeys",
        "/groups/0c000000-0000-4000-8000-00000000001",
        "/groups/0C000000-0000-4000-8000-000000000012%00",
        "/static/../wsgi.py",
        "/static/%2e%2e/wsgi.py",
        "/%ED%A0%80",
        "//evil.example/groups",
    ],
)
def test_strange_addresses_are_not_found(
    alice: Browser, portal: PortalProcess, sandbox: RunningSandbox, path: str
) -> None:
    # ASVS 1.2.2; sent as they stand, without the tidying that clients do
    before = len(sandbox.requests())
    cookie = "; ".join(f"{item.name}={item.value}" for item in alice.session.cookies)
    connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=10)
    connection.request("GET", path, headers={"Cookie": cookie})
    response = connection.getresponse()
    assert response.status in {400, 404}
    assert b"Traceback" not in response.read()
    connection.close()
    assert len(sandbox.requests()) == before


@pytest.mark.parametrize("origin", ["%00", "%ED%A0%80", "AAAA-AAAA", "x" * 1000, "'--"])
def test_a_strange_draft_to_come_back_from_is_ignored(
    alice: Browser, sandbox: RunningSandbox, origin: str
) -> None:
    page = alice.get(group_path(sandbox, part=f"scale?from={origin}"))
    assert page.value("max_memory_gb") == "16"


def test_the_horizontal_form_is_as_strict(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    dana = sign_in("dana")
    dana.get(group_path(sandbox, CAMPAIGNS, "scale"))
    for text in ("1e2", "16.5", "١٦", "NaN", "9" * 5000):
        typed = dict.fromkeys(("memory_gb", "min_replicas", "max_replicas"), text)
        page = dana.submit("Review changes", typed, status=422)
        assert len(page.summary) == 3
    fields = fields_of(dana) | {"num_replicas": "3"}
    dana.post(group_path(sandbox, CAMPAIGNS, "scale"), fields, status=400)


def test_an_upper_case_id_is_the_same_group(alice: Browser, sandbox: RunningSandbox) -> None:
    assert alice.get(f"/groups/{sandbox.service_id(REPORTING).upper()}").h1 == REPORTING
