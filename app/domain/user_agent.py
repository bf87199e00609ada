"""Which browser and which system a session is of, as far as it says so itself."""

BROWSERS = (
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""What a browser's own text holds, and its name. The first that is found counts: nearly all say
that they are Chrome and Safari as well."""

SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)
"""The same of systems: Android says that it is Linux as well."""

LONGEST_READ = 512
"""Characters of the header that are looked at."""


def describe_client(user_agent: str) -> str:
    """Browser and system, such as “Firefox on Linux”; empty if neither is known.

    A hint for people who look for a session that is not theirs: anybody can send anything.
    """
    text = user_agent[:LONGEST_READ]
    browser, system = _first(BROWSERS, text), _first(SYSTEMS, text)
    if browser and system:
        return f"{browser} on {system}"
    return browser or system


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for part, name in known if part in text), "")
