from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascertain.preserve.capture.networks import embedded, why_never, why_not

PUBLIC = ["1.1.1.1", "93.184.216.34", "192.0.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"]
# One address of every row of IANA's special-purpose registries that is not for the world, and the tunnels.
OUT_OF_REACH = {
    "0.0.0.0": "unspecified", "0.1.2.3": "this network", "10.0.0.1": "private", "100.64.0.1": "CGNAT",
    "127.0.0.1": "loopback", "127.255.255.254": "loopback", "169.254.1.1": "link-local", "172.16.0.1": "private",
    "172.31.255.255": "private", "192.0.0.1": "protocol", "192.0.2.1": "documentation", "192.88.99.1": "6to4",
    "192.168.1.1": "private", "198.18.0.1": "benchmarking", "198.51.100.1": "documentation",
    "203.0.113.1": "documentation", "224.0.0.1": "multicast", "239.255.255.250": "multicast", "240.0.0.1": "reserved",
    "255.255.255.255": "broadcast", "169.254.169.254": "metadata", "168.63.129.16": "metadata",
    "100.100.100.200": "metadata", "192.0.0.192": "metadata",
    "::": "unspecified", "::1": "loopback", "fe80::1": "link-local", "fc00::1": "private", "fd12::1": "private",
    "fec0::1": "not global", "ff02::1": "multicast", "2001:db8::1": "documentation", "3fff::1": "documentation",
    "2001:2::1": "protocol", "2001:20::1": "protocol", "100::1": "not global", "5f00::1": "not global",
    "64:ff9b:1::1": "not global", "4000::1": "not global", "fd00:ec2::254": "metadata",
    "::127.0.0.1": "not global", "::ffff:127.0.0.1": "loopback", "::ffff:10.0.0.1": "private",
    "::ffff:169.254.169.254": "metadata", "64:ff9b::7f00:1": "loopback", "64:ff9b::a9fe:a9fe": "metadata",
    "64:ff9b::e000:1": "multicast", "2002:7f00:1::1": "loopback", "2002:a00:1::1": "private",
    "2002:5db8:d822::1": "6to4", "2001:0:5db8:d822::a247:27dd": "Teredo", "2001:0:1:1:1:1:80ff:fffe": "loopback",
    "2606:4700::5efe:7f00:1": "loopback", "2606:4700::200:5efe:c0a8:101": "private",
}  # fmt: skip


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_is_in_reach(text: str) -> None:
    assert why_not(ipaddress.ip_address(text)) == ""


@pytest.mark.parametrize(("text", "word"), OUT_OF_REACH.items(), ids=OUT_OF_REACH)
def test_every_special_range_is_out_of_reach(text: str, word: str) -> None:
    assert word in why_not(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["::ffff:93.184.216.34", "64:ff9b::5db8:d822"])
def test_a_public_address_in_the_clothes_of_another_is_in_reach(text: str) -> None:
    """A host that has only IPv4 is reached through these from a network that has only IPv6."""
    assert why_not(ipaddress.ip_address(text)) == ""


@pytest.mark.parametrize("text", ["169.254.169.254", "::ffff:169.254.169.254", "224.0.0.1", "0.0.0.0", "ff02::1"])
def test_some_addresses_are_never_in_reach(text: str) -> None:
    assert why_never(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["127.0.0.1", "10.0.0.1", "::1", "fd12::1"])
def test_a_private_address_can_be_allowed(text: str) -> None:
    assert not why_never(ipaddress.ip_address(text))


@settings(deadline=None)
@given(st.ip_addresses(v=4))
def test_no_ipv4_address_gets_through_that_python_knows_to_be_private(address: ipaddress.IPv4Address) -> None:
    if address.is_private or address.is_multicast or address.is_loopback or address.is_link_local:
        assert why_not(address)
    if address.is_reserved:
        assert why_not(address)


@settings(deadline=None)
@given(st.ip_addresses(v=4))
def test_what_is_refused_is_refused_inside_every_tunnel(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    tunnels = [
        (0xFFFF << 32) | number, (0x64FF9B << 96) | number, (0x2002 << 112) | (number << 80),
        (0x20010000 << 96) | (number ^ 0xFFFFFFFF), (0x26064700 << 96) | (0x5EFE << 32) | number,
    ]  # fmt: skip
    for tunnel in tunnels:
        inside = ipaddress.IPv6Address(tunnel)
        assert embedded(inside) == address
        assert bool(why_never(address)) <= bool(why_never(inside))
        assert bool(why_not(address)) <= bool(why_not(inside))


@settings(deadline=None)
@given(st.ip_addresses(v=6))
def test_no_ipv6_address_outside_global_unicast_gets_through(address: ipaddress.IPv6Address) -> None:
    if not why_not(address):
        carried = embedded(address)
        assert address in ipaddress.IPv6Network("2000::/3") or carried is not None
        assert not address.is_multicast
