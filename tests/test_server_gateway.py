"""What a proxy says of a client."""

import pytest

from msevidence.server.gateway import forwarded_for
from msevidence.server.http_message import Request


@pytest.mark.parametrize(
    ("written", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("10.0.0.1, 192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:8080", "192.0.2.7"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ('"[2001:db8::1]:443"', "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_a_client_is_known_by_its_address_without_a_port(written: str, client: str) -> None:
    assert forwarded_for(Request("", "", headers=[("x-forwarded-for", written)])) == client
