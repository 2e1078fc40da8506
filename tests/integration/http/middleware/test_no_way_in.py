"""Where nobody signs in, only this machine may call, whatever server runs the app."""

import httpx
import pytest

from integration.http.problem import assert_problem
from integration.http.serving import served


async def asked(base_url: str, **settings: object) -> httpx.Response:
    async with served(**settings) as client:
        return await client.get(f"{base_url}/tasks/")


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1:8000", "[2001:db8::1]:8000", "0.0.0.0", "[fe80::1]"])
async def test_what_comes_to_another_address_is_refused(address):
    assert_problem(await asked(f"http://{address}"), 403, "no_way_in")
    assert (await asked(f"http://{address}", auth="required", allowed_hosts="0.0.0.0")).status_code == 401
    assert (await asked(f"http://{address}", insecure_no_auth=True, allowed_hosts="0.0.0.0")).status_code in (200, 421)


@pytest.mark.parametrize("address", ["127.0.0.1:8000", "127.8.8.8", "[::1]:8000", "localhost", "test"])
async def test_this_machine_may_call(address):
    assert (await asked(f"http://{address}")).status_code == 200
