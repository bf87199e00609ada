"""The address of a client in the one form in which it is counted, kept and shown.

Proxies write addresses with ports, in brackets, with zones, or as IPv4 inside IPv6. Whoever has an
IPv6 connection usually has a whole /64 of addresses, so that such a block counts as one.
"""

import ipaddress
import re
from functools import lru_cache

Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
LONGEST = 64
BLOCK_BITS = 64

_WITH_PORT = re.compile(r"\[([^\[\]]*)\](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}", re.ASCII)


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """The address without port, brackets and zone; any other text unchanged, cut to LONGEST."""
    address = _parse(text)
    return str(address) if address else text.strip()[:LONGEST]


def block_of(text: str) -> str:
    """What counts as one place: an IPv4 address, or the /64 of an IPv6 address."""
    address = _parse(text)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, BLOCK_BITS), strict=False))
    return normalise(text)


def is_within(text: str, networks: Networks) -> bool:
    """Whether this is the address of one of the networks; false for what is no address."""
    address = _parse(text)
    return address is not None and any(address in network for network in networks)


def _parse(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    match = _WITH_PORT.fullmatch(text.strip())
    bare = (match[1] or match[2] or "") if match else text.strip()
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
