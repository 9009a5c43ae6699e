# SPDX-License-Identifier: AGPL-3.0-or-later
"""The parts of the auditor by themselves: entries, the claim, evenings, the list of checks."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kollontai.auditor import CHECKS
from kollontai.auditor.claim import MalformedClaim, parts_of
from kollontai.auditor.days import counts_from, end_of_phase, middle
from kollontai.auditor.folding import FOLDS
from kollontai.auditor.lines import LineReader
from kollontai.auditor.paperwords import WRITERS
from kollontai.chapters.deliberation import effects
from kollontai.openrecord import entries, facts
from kollontai.openrecord.errors import RecordError

from .story import honest

DATA = honest().data()
READER = LineReader()

# --- entries ---


def test_every_kind_of_entry_is_folded() -> None:
    assert set(FOLDS) ^ set(facts.KINDS) == set(), "each kind has its function in auditor/folds/"


def test_the_quick_reading_reads_what_openrecord_reads() -> None:
    for position, data in enumerate(DATA):
        entry, line = entries.from_bytes(data, position), READER.read(position, data)
        assert (line.position, line.at, line.actor) == (position, entry.at, entry.actor)
        assert (line.auth, line.kind, line.org) == (entry.auth, entry.fact.kind_name, entry.org)
        assert line.commitments == entry.commitments
        assert line.fields == {name: getattr(entry.fact, name) for name in entry.fact.shapes}


@given(st.data())
def test_the_quick_reading_takes_nothing_that_openrecord_refuses(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(DATA))
    place = data.draw(st.integers(0, len(whole)))
    piece = data.draw(
        st.one_of(st.binary(max_size=3), st.sampled_from([b'"', b",", b"{", b"}", b"0", b":00Z", b" "]))
    )
    changed = whole[:place] + piece + whole[place + data.draw(st.integers(0, 3)) :]
    try:
        entry = entries.from_bytes(changed)
        facts.refuse_personal_data(facts.to_fields(entry.fact))
    except RecordError:
        with pytest.raises(RecordError):
            READER.read(0, changed)
        return
    line = READER.read(0, changed)
    assert (line.at, line.actor, line.commitments) == (entry.at, entry.actor, entry.commitments)
    assert line.fields == {name: getattr(entry.fact, name) for name in entry.fact.shapes}


def test_every_effect_has_its_sentence() -> None:
    assert set(WRITERS) == set(effects.KINDS)


# --- the claim ---


def read_claim(path: Path, text: str) -> dict[str, object]:
    path.write_text(text)
    found: dict[str, object] = {}
    for name, value, is_list in parts_of(path):
        if is_list:
            found.setdefault(name, []).extend(value)  # type: ignore[attr-defined]
        else:
            found[name] = value
    return found


ROWS = st.lists(
    st.one_of(
        st.dictionaries(
            st.text(max_size=3), st.one_of(st.text(), st.integers(), st.lists(st.text(max_size=3)))
        ),
        st.lists(st.text(max_size=4), min_size=1),
    )
)


@given(st.dictionaries(st.text(max_size=5), st.one_of(ROWS, st.integers(), st.text(), st.none()), max_size=4))
def test_a_claim_is_read_as_json_reads_it(
    tmp_path_factory: pytest.TempPathFactory, claim: dict[str, object]
) -> None:
    path = tmp_path_factory.mktemp("claim") / "state.json"
    assert read_claim(path, json.dumps(claim, separators=(",", ":"))) == claim


def test_a_long_list_is_read_in_pieces(tmp_path: Path) -> None:
    claim = {
        "a": [{"n": n, "text": '},{"n":0' * (n % 3)} for n in range(40_000)],
        "b": [["x", "],["]] * 9,
        "c": 1,
    }
    assert read_claim(tmp_path / "state.json", json.dumps(claim, separators=(",", ":"))) == claim


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"a":[1,]}', '{"a":[1}', '{"a":1}x', '{"a":1,}', "{1:2}", '{"a":[,]}']
)
def test_a_broken_claim_is_said_to_be_broken(text: str, tmp_path: Path) -> None:
    with pytest.raises(MalformedClaim):
        read_claim(tmp_path / "state.json", text)


# --- days ---


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("begins", "days", "ends"),
    [
        ("2026-01-05T09:00", 3, "2026-01-08T19:00"),
        ("2026-01-05T19:00", 3, "2026-01-08T19:00"),
        ("2026-01-05T19:01", 3, "2026-01-09T19:00"),
        ("2026-03-27T12:00", 3, "2026-03-30T18:00"),  # summer time begins on the 29th
        ("2026-03-26T19:00", 3, "2026-03-30T18:00"),  # 72 hours end an hour after eight
        ("2026-10-23T18:00", 3, "2026-10-26T19:00"),  # 72 hours end an hour before eight
    ],
)
def test_a_phase_ends_at_eight_in_the_evening_and_never_too_soon(begins: str, days: int, ends: str) -> None:
    assert end_of_phase(moment(begins), days, BERLIN) == moment(ends)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1)), st.integers(0, 400))
def test_a_phase_is_never_short_and_never_a_day_too_long(begins: datetime, days: int) -> None:
    start = begins.replace(tzinfo=UTC)
    ends = end_of_phase(start, days, BERLIN)
    assert timedelta(days=days) <= ends - start < timedelta(days=days + 1, hours=1)
    assert ends.astimezone(BERLIN).strftime("%H:%M:%S") == "20:00:00"


def test_ordinary_lateness_adds_nothing_and_an_outage_costs_nobody_time() -> None:
    due = moment("2026-01-08T19:00")
    assert counts_from(due, due + timedelta(minutes=15)) == due
    assert counts_from(due, due + timedelta(minutes=16)) == due + timedelta(minutes=16)
    assert counts_from(None, due) == due


def test_the_middle_is_a_whole_minute() -> None:
    assert middle(moment("2026-01-08T19:00"), moment("2026-01-11T19:01")) == moment("2026-01-10T07:00")


# --- the checks themselves ---


def test_every_check_says_its_question_its_article_and_its_evidence() -> None:
    for check in CHECKS:
        assert check.question.endswith("?"), check.name
        assert 1 <= check.article <= 14
        assert str(check.evidence).startswith(("proved", "attested by", "absent"))
        assert (check.module.__doc__ or "").strip().endswith("?"), check.name


def found_by_articles(number: int) -> list[str]:
    text = resources.files("kollontai.bylaws").joinpath("articles.toml").read_text(encoding="utf-8")
    article = next(one for one in tomllib.loads(text)["article"] if one["number"] == number)
    found: list[str] = article["auditor_finds"]
    return found


LATER = {
    "covered texts by ground",  # nothing is covered before juries exist
    "delay between writing and appearing",  # an act and its entry are one
    "lots that come out otherwise when they are drawn again",  # nothing is drawn before juries exist
}


@pytest.mark.parametrize("number", [1, 2, 7, 9, 12, 13, 14])
def test_what_the_articles_promise_the_auditor_finds_has_a_check(number: int) -> None:
    answered = {line for check in CHECKS for line in check.finds}
    assert set(found_by_articles(number)) - LATER <= answered


def test_no_check_answers_a_promise_that_no_article_makes() -> None:
    promised = {line for number in range(1, 15) for line in found_by_articles(number)}
    assert {line for check in CHECKS for line in check.finds} <= promised


def test_the_auditor_knows_no_chapter() -> None:
    folder = Path(str(resources.files("kollontai.auditor")))
    for path in folder.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "kollontai.chapters" not in text
        assert "import django" not in text
        assert "from django" not in text


def test_every_check_stands_in_the_manual() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "auditing.md").read_text(encoding="utf-8")
    for check in CHECKS:
        assert f"`{check.name}`" in manual
