"""One form for every way to write an address, and one block for all addresses of a connection."""

import pytest

from app.domain.access.addresses import LONGEST, block_of, normalise


@pytest.mark.parametrize(
    ("text", "address", "block"),
    [
        ("1.2.3.4", "1.2.3.4", "1.2.3.4"),
        ("1.2.3.4:5678", "1.2.3.4", "1.2.3.4"),
        (" 1.2.3.4 ", "1.2.3.4", "1.2.3.4"),
        ("::ffff:1.2.3.4", "1.2.3.4", "1.2.3.4"),
        ("[::ffff:1.2.3.4]:443", "1.2.3.4", "1.2.3.4"),
        ("[::1]:80", "::1", "::/64"),
        ("[::1]", "::1", "::/64"),
        ("fe80::1%eth0", "fe80::1", "fe80::/64"),
        ("[fe80::1%25eth0]:80", "fe80::1", "fe80::/64"),
        ("2001:DB8:0:1::AB", "2001:db8:0:1::ab", "2001:db8:0:1::/64"),
        ("2001:db8:0:1:ffff::1", "2001:db8:0:1:ffff::1", "2001:db8:0:1::/64"),
        ("", "", ""),
        ("unknown", "unknown", "unknown"),
        ("1.2.3.4.5:80", "1.2.3.4.5:80", "1.2.3.4.5:80"),
    ],
)
def test_an_address_has_one_form_and_one_block(text: str, address: str, block: str) -> None:
    assert normalise(text) == address
    assert block_of(text) == block
    assert block_of(address) == block


def test_what_is_no_address_is_cut_short() -> None:
    assert normalise("x" * 500) == "x" * LONGEST
