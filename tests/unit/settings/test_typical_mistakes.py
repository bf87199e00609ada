"""Typical mistakes in the two files: each is answered where it stands, with what to write.

`docs/configuring.md` shows the same table; a test compares the two.
"""

from pathlib import Path

import pytest

from tests.unit.settings.helpers import GROUP_ID, ORG_CONFIG, faults_of, make_root

DOCS = Path(__file__).parents[3] / "docs/configuring.md"
KEYS = "permissions: [scale]"
NAME = "name: Analytics primary"
GROUP = "warehouses[0].groups[0]"

RULES: list[tuple[str, str, str]] = [
    (
        NAME,
        "naem: Analytics primary",
        f"{GROUP}.naem: is not known here. Did you mean name? Write that, or remove it.",
    ),
    (
        "users: [alice]",
        'users: ["*@example.com"]',
        (
            f"{GROUP}.access[0].users[0]: holds *, and here stand exact names. Write "
            "user_patterns: "
            '["*@example.com"] for everybody whose name fits, or exact names.'
        ),
    ),
    (
        KEYS,
        "permissions: [admin]",
        f"{GROUP}.access[0].permissions[0]: is not a known permission. Write one of view, wake,",
    ),
    (
        NAME,
        f"{NAME}\n        like: smal",
        (
            f"{GROUP}.like: is smal, which does not stand under templates. Add it there, or "
            "name one "
            "that stands there."
        ),
    ),
    (
        "users: [alice]",
        "users: [yes]",
        (
            f"{GROUP}.access[0].users[0]: is not text. Write text, in quotes if it looks like "
            "a number "
            "or yes or no."
        ),
    ),
    (
        NAME,
        f"{NAME}\n        limits: {{memory_choices_gb: [10]}}",
        (
            f"{GROUP}.limits.memory_choices_gb[0]: is not a multiple of 4 from 8 to 356. "
            "ClickHouse "
            "Cloud offers no other sizes, in GB per replica."
        ),
    ),
    (
        NAME,
        f"{NAME}\n        limits: {{replicas: {{min: 4, max: 2}}}}",
        (
            f"{GROUP}.limits.replicas.min: is 4, above {GROUP}.limits.replicas.max, which is 2. "
            "Change one of the two."
        ),
    ),
    (
        NAME,
        f"{NAME}\n\taccess: []",
        "line 8, column 1: holds a tab. Indent with blanks alone.",
    ),
    (
        f"        {NAME}",
        f"       {NAME}",
        (
            "line 7, column 8: does not begin where the lines that it belongs to begin. "
            "Indent it with as many blanks as they have."
        ),
    ),
    (
        NAME,
        "name: Analytics: primary",
        (
            "line 7, column 24: has a colon where none can stand. Put the text in quotes if the "
            "colon belongs to it, or indent the line as its neighbours."
        ),
    ),
    (
        KEYS,
        f"{KEYS}\n      - {{service_id: {GROUP_ID}, name: Twice}}",
        (
            f"warehouses[0].groups[1].service_id: is the same as {GROUP}.service_id. "
            "Each must stand once in the file."
        ),
    ),
    (
        NAME,
        f'{NAME}\n        limits: {{replicas: {{max: "4"}}}}',
        f"{GROUP}.limits.replicas.max: is not a whole number. Write a whole number without quotes.",
    ),
]
"""Of org_config.yaml: what is written instead of what, and the line about it."""

SETTINGS: list[tuple[str, str]] = [
    (
        "PORTAL_PUBLIC_ULR=https://portal.example.com",
        (
            "configs/.env: PORTAL_PUBLIC_ULR: is not a setting of the portal. Did you mean "
            "PORTAL_PUBLIC_URL? Write that, or remove it."
        ),
    ),
    (
        "PORTAL_PUBLIC_URL=http://portal.example.com",
        (
            "configs/.env: PORTAL_PUBLIC_URL: is plain http to another machine, which "
            "anybody on the "
            "way can read. Use https."
        ),
    ),
    (
        "PORTAL_PUBLIC_URL=https://portal.example.com/scaling",
        (
            "configs/.env: PORTAL_PUBLIC_URL: has a path, and the portal stands at the root of "
            "its host. Give scheme and host alone, such as https://portal.example.com."
        ),
    ),
    (
        "CLICKHOUSE_API_URL=https://api.clickhouse.cloud/v1",
        (
            "configs/.env: CLICKHOUSE_API_URL: has a path, and the portal adds /v1/… itself. "
            "Give scheme and host alone, such as https://api.clickhouse.cloud."
        ),
    ),
    (
        "PORTAL_METRICS_TOKEN=short",
        (
            "configs/.env: PORTAL_METRICS_TOKEN: is shorter than 32 characters. Make one with: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        ),
    ),
]
"""Of configs/.env: what is written, and the line about it."""


@pytest.mark.parametrize(("before", "after", "told"), RULES)
def test_a_mistake_in_the_list_of_groups(
    tmp_path: Path, before: str, after: str, told: str
) -> None:
    assert before in ORG_CONFIG
    root = make_root(tmp_path, org_config=ORG_CONFIG.replace(before, after, 1))
    (line,) = [item for item in faults_of(root) if ": is missing. " not in item]
    assert line.startswith(f"configs/org_config.yaml: {told}")


@pytest.mark.parametrize(("written", "told"), SETTINGS)
def test_a_mistake_in_the_settings(tmp_path: Path, written: str, told: str) -> None:
    assert faults_of(make_root(tmp_path, env_file=written)) == (told,)


def test_the_docs_show_every_one_of_them() -> None:
    text = DOCS.read_text(encoding="utf-8")
    told = [line for *_, line in RULES] + [line for *_, line in SETTINGS]
    assert len(told) == len(set(told)) == 17
    assert [line for line in told if line not in text] == []
