"""Names of parameters, and nothing else in the query, say which list of tasks is asked for."""

import pytest


@pytest.mark.parametrize("path", ["/tasks/?&", "/tasks/1?&", "/tasks/?%6cimit=1"])
async def test_a_query_is_read_by_its_parameters(client, task, path):
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.json() in (task, [task])


@pytest.mark.parametrize(("query", "parameter"), [("other=filter", "other"), ("xas_of=1", "xas_of")])
async def test_a_parameter_that_only_looks_like_another_is_unknown(client, task, query, parameter):
    answer = await client.get(f"/tasks/?{query}")
    assert answer.status_code == 422
    assert [(error["location"], error["code"]) for error in answer.json()["errors"]] == [
        (f"query.{parameter}", "unknown")
    ]


async def test_a_search_can_spell_its_parameters_percent_encoded(client, task):
    answer = await client.get("/tasks/?%71=nothing")
    assert (answer.status_code, answer.json()) == (200, [])
