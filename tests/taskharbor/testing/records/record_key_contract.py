"""A record is found by its key and by no other, however alike the two look."""

from dataclasses import replace
from typing import Final
from unicodedata import normalize

from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.record_store import RecordKey
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.notes import KIND, LONGEST, note
from taskharbor.testing.scenes.refusals import must_be_refused

_FORMS: Final = [normalize(form, "\u00e9\u212b\ufb01\uac01") for form in ("NFC", "NFD", "NFKC", "NFKD")]
ALIKE: Final = (
    *dict.fromkeys(_FORMS),
    *("a", "A", "\uff41", "\u00e1", "a\u0301", "\u0430", "\u00aa"),  # case, width, accents, Cyrillic, superscript
    *("strasse", "stra\u00dfe", "STRASSE", "\u0131", "i", "I", "\u0130", "k", "\u212a", "\u03c3", "\u03c2"),
    *(" a", "a ", " a ", "a  ", "a\t", "\ta", "a\n", "a\u00a0", "\u3000a", "a\u200b", "\ufeffa", " ", "  "),
    *("1", "01", "1.0", "1e0", "+1", "\u0661", "true", "null", "0"),
    *("a%", "a_", "a*", "a?", "%", "_", "a\\", "a'", 'a"', "a/", "a/b", "a:b", "a b", "a\u001fb", "a-b", "ab"),
    *("x" * (LONGEST - 1), "x" * LONGEST, "x" * (LONGEST - 1) + "y", "\U0001f600" * LONGEST),
    "\U0001f600" * (LONGEST - 1) + "\U0001f601",
    *("\ud7ff", "\uffff", "\U00010000", "\U0010ffff", "~", "\u007f", "\u0080"),
)
"""Keys that one or another normalization, folding, trimming, number, pattern or limit would take for each other."""


class RecordKeyContract(Contract):
    """Keys are compared code point by code point, and sort by the bytes of their UTF-8."""

    async def test_keys_that_only_look_alike_are_different_records(self, here: Bench) -> None:
        revision = await here.commit(records=[note(key, f'"{n}"') for n, key in enumerate(ALIKE)])
        right = {RecordKey(KIND, key): f'"{n}"' for n, key in enumerate(ALIKE)}
        for found_by, document in right.items():
            expected = replace(note(found_by.key, document), revision=revision)
            assert await here.record(*found_by) == expected, f"the record of {found_by.key!r} is not what was written"
        loaded = await here.storage.load_records(here.workspace, list(right))
        assert {key: record.document for key, record in loaded.items()} == right

    async def test_one_of_the_keys_that_look_alike_is_not_found_by_another(self, here: Bench) -> None:
        for alike in (ALIKE[::2], ALIKE[1::2]):
            bench = here.another()
            await bench.commit(records=[note(key) for key in alike])
            loaded = await bench.storage.load_records(bench.workspace, [RecordKey(KIND, key) for key in ALIKE])
            assert sorted(key.key for key in loaded) == sorted(alike)
            assert {(key.kind, key.key) for key in loaded} == {record.found_by for record in loaded.values()}

    async def test_a_change_of_one_leaves_those_that_look_alike(self, here: Bench) -> None:
        revision = await here.commit(records=[note(key) for key in ALIKE])
        right = {key: replace(note(key), revision=revision) for key in ALIKE}
        for n, key in enumerate(ALIKE[::3]):
            right[key] = await here.put(replace(right[key], document=None if n % 2 else '"changed"'))
        loaded = await here.storage.load_records(here.workspace, [RecordKey(KIND, key) for key in ALIKE])
        assert {found_by.key: record for found_by, record in loaded.items()} == right

    async def test_records_are_listed_from_any_key_on_by_the_bytes_of_their_keys(self, here: Bench) -> None:
        await here.commit(records=[note(key) for key in ALIKE])
        in_order = sorted(ALIKE, key=str.encode)
        assert [record.key for record in await here.records(KIND)] == in_order
        for n, key in enumerate(in_order):
            page = [record.key for record in await here.records(KIND, after=key, limit=2)]
            assert page == in_order[n + 1 : n + 3], f"after {key!r}"

    async def test_a_guard_is_on_the_record_of_its_key_only(self, here: Bench) -> None:
        revision = await here.commit(records=[note(key) for key in ALIKE[1::2]])
        await here.commit(
            records=[note("other")], guarded_records={RecordKey(KIND, key): revision for key in ALIKE[1::2]}
        )
        for key in ALIKE[::2]:
            guarded = {RecordKey(KIND, key): revision}
            attempt = here.commit(records=[note("in vain")], guarded_records=guarded)
            await must_be_refused(ConcurrentUpdate, attempt, f"a commit with a guard on {key!r}, which is not there,")

    async def test_kinds_that_begin_alike_are_different_kinds(self, here: Bench) -> None:
        kinds = ["kit", "kit-", "kit-a", "kit-ab", "ki", "k" * 32, "k" * 31]
        await here.commit(records=[note(key, f'"{kind}"', kind=kind) for kind in kinds for key in ("a", "-a", "b")])
        for kind in kinds:
            listed = await here.records(kind)
            assert [(record.kind, record.key) for record in listed] == [(kind, "-a"), (kind, "a"), (kind, "b")]
            assert {record.document for record in listed} == {f'"{kind}"'}
            assert await here.records(kind, after="a", limit=1) == listed[2:]
