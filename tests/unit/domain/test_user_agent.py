"""Browser and system, from what browsers say of themselves."""

import pytest

from app.domain.user_agent import describe_client

KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        (f"{MAC} {KIT} Chrome/140.0 Safari/537.36", "Chrome on macOS"),
        (f"{MAC} {KIT} Version/18.0 Safari/605.1.15", "Safari on macOS"),
        (
            f"Mozilla/5.0 (Windows NT 10.0) {KIT} Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 15) {KIT} Chrome/140.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) CriOS/140.0 Safari/604.1", "Chrome on iOS"),
        (f"Mozilla/5.0 (X11; CrOS x86_64) {KIT} Chrome/140.0 Safari/537.36", "Chrome on ChromeOS"),
        ("Something (Windows NT 10.0)", "Windows"),
        ("curl/8.9", ""),
        ("", ""),
        ("x" * 600 + "Firefox/140.0", ""),
        ("<script>Firefox/</script>", "Firefox"),
    ],
)
def test_it_is_told_from_what_the_browser_says(text: str, shown: str) -> None:
    assert describe_client(text) == shown
