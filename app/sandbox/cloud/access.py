"""IP access lists, as the edge in front of a service reads them."""

import ipaddress


def is_allowed(address: str, access_list: object) -> bool:
    """Say whether `address` is on the list. Entries that cannot be read admit nobody."""
    if not isinstance(access_list, list):
        return False
    peer = ipaddress.ip_address(address)
    return any(_matches(peer, entry) for entry in access_list)


def _matches(peer: ipaddress.IPv4Address | ipaddress.IPv6Address, entry: object) -> bool:
    source = entry.get("source") if isinstance(entry, dict) else None
    try:
        return peer in ipaddress.ip_network(str(source), strict=False)
    except ValueError:
        return False
