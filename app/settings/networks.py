"""Addresses and networks of machines, as the environment gives them."""

import ipaddress

from app.domain.access.addresses import Networks
from app.settings.parsers import UnusableValueError


def parse_networks(text: str) -> Networks:
    """Addresses and networks with blanks between."""
    try:
        return tuple(ipaddress.ip_network(item) for item in text.split())
    except ValueError:
        raise UnusableValueError(
            "holds something that is neither an address nor a network",
            "Write such as 10.0.0.7 or 10.0.0.0/28, with blanks between.",
        ) from None
