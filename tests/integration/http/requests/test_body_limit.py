import pytest

from integration.http.problem import assert_problem

JSON = {"content-type": "application/json"}
OPERATIONS = [
    ("POST", "/tasks/"),
    ("PATCH", "/tasks/1"),
    ("PATCH", "/tasks/1?completed=true"),
    ("DELETE", "/tasks/1"),
    ("POST", "/tasks/1/complete"),
]


class Upload:
    """A body of 10 MB that counts how much of it was asked for."""

    def __init__(self) -> None:
        self.sent = 0

    async def __aiter__(self):
        for _ in range(160):
            self.sent += 65_536
            yield b" " * 65_536


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_a_body_of_10_mb_is_refused_before_it_is_read(client, task, method, path):
    upload = Upload()

    answer = await client.request(method, path, content=upload, headers=JSON | {"content-length": "10485760"})

    assert_problem(answer, 413, "body_too_large")
    assert upload.sent == 0
    assert (await client.get("/tasks/")).json() == [task]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_a_chunked_body_is_read_no_further_than_the_limit(client, task, method, path):
    upload = Upload()

    answer = await client.request(method, path, content=upload, headers=JSON | {"transfer-encoding": "chunked"})

    assert_problem(answer, 413, "body_too_large")
    assert upload.sent <= 1_048_576 + 65_536


@pytest.mark.parametrize("length", ["99999999999999999999", "9" * 5000, "-1", "x"])
async def test_a_length_that_makes_no_sense_is_refused(client, length):
    answer = await client.post("/tasks/", content=Upload(), headers=JSON | {"content-length": length})

    assert_problem(answer, 413, "body_too_large")


async def test_a_body_of_just_the_limit_is_read(start):
    async with start(max_body_bytes=1024) as client:
        for size, status in ((1024, 201), (1025, 413)):
            body = b'{"title": "Buy milk"}'.ljust(size)
            assert (await client.post("/tasks/", content=body, headers=JSON)).status_code == status


async def test_a_body_in_many_pieces_is_put_together(client):
    async def pieces():
        for piece in (b'{"ti', b"", b'tle": "Caf\xc3', b'\xa9"}'):
            yield piece

    assert (await client.post("/tasks/", content=pieces(), headers=JSON)).json()["title"] == "Café"
