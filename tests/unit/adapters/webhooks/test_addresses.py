"""Requests go to public addresses only, however an address is written."""

from ipaddress import ip_address, ip_network

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.adapters.webhooks.addresses import is_allowed
from taskharbor.adapters.webhooks.checked_transport import AddressRefused, CheckedTransport
from taskharbor.adapters.webhooks.http_sender import HttpWebhookSender
from taskharbor.adapters.webhooks.resolver import Resolver

INNER = (
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
    "192.0.0.192", "192.0.2.1", "192.168.1.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "168.63.129.16", "100.100.100.200",
    "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1", "2001::1",
    "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::",
    "::127.0.0.1",
)  # fmt: skip
PUBLIC = ("8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1")
TLS = httpx.create_ssl_context(trust_env=False)


@pytest.mark.parametrize("address", INNER)
def test_no_request_goes_to_an_address_within(address):
    assert not is_allowed(ip_address(address), [])


@pytest.mark.parametrize("address", PUBLIC)
def test_requests_go_to_public_addresses(address):
    assert is_allowed(ip_address(address), [])


@given(st.ip_addresses(v=4))
def test_an_address_of_version_4_is_judged_alike_however_it_is_written(address):
    allowed = is_allowed(address, [])
    number = int(address)
    for prefix in (0xFFFF << 32, 0x64FF9B << 96):
        written = ip_address((prefix | number).to_bytes(16, "big"))
        assert is_allowed(written, []) is allowed, written
    assert is_allowed(ip_address((0x2002 << 112 | number << 80).to_bytes(16, "big")), []) is allowed


def test_what_a_setting_allows_is_allowed_and_nothing_beside_it():
    networks = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]
    assert is_allowed(ip_address("10.9.9.9"), networks)
    assert is_allowed(ip_address("::ffff:10.9.9.9"), networks)
    assert is_allowed(ip_address("fd00::1"), networks)
    assert not is_allowed(ip_address("192.168.0.1"), networks)


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]/", "http://localhost/", "http://0x7f000001/"])
async def test_a_request_to_an_address_within_is_refused_before_it_is_made(url):
    async with httpx.AsyncClient(transport=CheckedTransport([], Resolver(), TLS)) as client:
        with pytest.raises(AddressRefused):
            await client.post(url)
    assert (await HttpWebhookSender().post(url, {}, b"")).error == "the address is not allowed"
    assert await HttpWebhookSender().refusal_of(url)


async def test_a_host_is_resolved_once_and_refused_if_any_of_its_addresses_is_within(monkeypatch):
    asked = []

    async def resolve(_self, host, port):
        asked.append((host, port))
        return [ip_address("8.8.8.8"), ip_address("10.0.0.1")]

    monkeypatch.setattr(Resolver, "addresses", resolve)
    async with httpx.AsyncClient(transport=CheckedTransport([], Resolver(), TLS)) as client:
        with pytest.raises(AddressRefused):
            await client.post("https://rebinding.example/")
    assert asked == [("rebinding.example", 443)]


async def test_it_connects_to_the_address_that_was_checked_with_the_name_of_the_host(monkeypatch):
    sent = []

    async def resolve(_self, _host, _port):
        return [ip_address("8.8.8.8")]

    async def handle(_self, request):
        sent.append(request)
        return httpx.Response(204, stream=httpx.ByteStream(b""))

    monkeypatch.setattr(Resolver, "addresses", resolve)
    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", handle)
    answer = await HttpWebhookSender().post("https://hooks.example:8443/a?b", {"webhook-id": "1"}, b"{}")
    assert answer.status == 204
    (request,) = sent
    assert str(request.url) == "https://8.8.8.8:8443/a?b"
    assert request.headers["host"] == "hooks.example:8443"
    assert request.extensions["sni_hostname"] == "hooks.example"
