from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.uid import uid_from, uid_named


@given(st.uuids(allow_nil=True))
def test_every_spelling_with_hyphens_is_the_same_uid(uuid: UUID) -> None:
    canonical = str(uuid)
    assert uid_from(uuid) == uid_from(canonical) == uid_from(canonical.upper()) == canonical


@given(st.uuids())
def test_other_spellings_are_refused(uuid: UUID) -> None:
    for spelling in (
        uuid.hex,
        f"{{{uuid}}}",
        uuid.urn,
        f" {uuid}",
        f"{uuid} ",
        f"{uuid}\n",
        str(uuid).replace("-", "_"),
    ):
        with pytest.raises(InvalidValue, match=r"^uid: must be a UUID"):
            uid_from(spelling)


@given(st.text(max_size=40))
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        uid_from(text)


@pytest.mark.parametrize(
    "text",
    [
        "0190b1f4-1234-7abc-8def-0123456789a",
        "0190b1f4-1234-7abc-8def-0123456789abc",
        "0190b1f412347abc8def-0123456789ab----",
        "0190b1f41-234-7abc-8def-0123456789ab",
        "0190b1f4-1234-7abc-8def-0123456789ag",
        "\uff10190b1f4-1234-7abc-8def-0123456789ab",
        "0190b1f4-1234-7abc-8def-0123456789_b",
    ],
)
def test_what_is_nearly_a_uuid_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        uid_from(text)
    assert caught.value.field == "uid"


def test_a_name_with_half_a_character_has_a_uid_of_its_own() -> None:
    assert len({uid_named("a"), uid_named("a\ud800"), uid_named("a\udfff"), uid_named("a\U00010000")}) == 4
