import httpx


def assert_problem(answer: httpx.Response, status: int, code: str) -> dict:
    """Make sure that this is a well-formed problem document, and return it."""
    assert answer.status_code == status, answer.text[:1000]
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["code"] == code
    assert problem["type"] == f"urn:taskharbor:problem:{code}"
    assert problem["title"]
    assert problem["detail"]
    assert set(problem) <= {"type", "title", "status", "detail", "code", "values", "errors"}
    return problem


def places(answer: httpx.Response) -> dict[str, str]:
    """Return the codes of what is wrong, by location."""
    problem = assert_problem(answer, 422, "invalid_value")
    return {error["location"]: error["code"] for error in problem["errors"]}
