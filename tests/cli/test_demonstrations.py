# SPDX-License-Identifier: AGPL-3.0-or-later
"""Demonstrations as they are built by the command: who lives there, what the auditor says, the copy."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from kollontai.demos import stories
from kollontai.demos.crowd import Crowd, names, varied
from tests.cli.test_commands import House, built

BRANCHES = {
    "Harbour Stevedores": 268, "Millrace Textiles": 231, "Northgate Bus & Tram": 214, "Kiln Lane Bakeries": 187,
    "Saltmarsh Growers": 169, "City Cleaners": 158, "Upland Forestry": 126, "Riverside Tenants": 121,
    "Print & Web": 104, "Care at Home": 97, "Quarry Works": 82, "Ferry Crews": 58, "Students & Apprentices": 31,
    "At-large": 14,
}  # fmt: skip
"""The branches of Tidewater and how many belong to each."""


def rows(house: House, sql: str) -> list[tuple[object, ...]]:
    """Read a house's own tables."""
    with closing(sqlite3.connect(house.home / "kollontai.sqlite3")) as connection:
        return connection.execute(sql).fetchall()


def said(house: House, slug: str) -> dict[str, object]:
    """What happened there, by the names of people and things and not by their ids."""
    of = f"organisation_id = (SELECT id FROM record_organisation WHERE slug = '{slug}')"
    content = "(SELECT CAST(value AS TEXT) FROM record_content WHERE record_content.id = "
    return {
        "people": sorted(rows(house, f"SELECT {content} name_id), standing FROM members_member WHERE {of}")),
        "posts": sorted(
            rows(
                house,
                f"SELECT {content} p.title_id), {content} m.name_id), t.how, t.ended_at IS NULL "
                "FROM bodies_term t JOIN bodies_post p ON p.id = t.post_id "
                f"JOIN members_member m ON m.id = t.member_id WHERE t.{of}",
            )
        ),
        "issues": rows(
            house,
            f"SELECT i.number, {content} i.title_id), i.stage, i.outcome, p.cast, p.roll_count "
            "FROM deliberation_issue i LEFT JOIN voting_poll p ON p.id = i.poll_id "
            f"WHERE i.{of} ORDER BY i.number",
        ),
        "kinds": Counter(kind for (kind,) in rows(house, f"SELECT kind FROM record_entryrow WHERE {of}")),
    }


def audited(house: House, slug: str, copy: Path) -> list[object]:
    """What the auditor finds in an export."""
    assert house.run("export", slug, "--to", str(copy)).returncode == 0
    ran = house.run("audit", str(copy), "--json")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return list(json.loads(ran.stdout)["findings"])


@pytest.fixture(scope="module")
def alder(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house with the smallest demonstration in it."""
    return built("demo", "alder-house", own=tmp_path_factory.mktemp("alder"))


def test_every_branch_has_its_size_and_nobody_is_twice():
    story = stories.read("tidewater")
    named = [(name, unit["name"]) for unit in story["units"] for name in unit["people"]]
    late = [(one["name"], one["unit"]) for one in story["latecomers"] if "by" in one]
    everybody = [*named, *late, *Crowd(story, [*named, *late]).people]
    assert Counter(unit for _name, unit in everybody) == BRANCHES
    assert len({stories.address(name, "tidewater") for name, _unit in everybody}) == 1860
    assert {one["name"] for one in story["suggested"]} <= {name for name, _unit in [*named, *late]}


def test_the_many_are_the_same_each_time_and_nobody_is_drawn_twice_for_one_thing():
    story = {"units": [{"name": "A", "size": 30}, {"name": "B", "size": 12}]}
    crowd, again = Crowd(story, [("Ada Nine", "A")]), Crowd(story, [("Ada Nine", "A")])
    assert crowd.people == again.people
    assert Counter(unit for _name, unit in crowd.people) == {"A": 29, "B": 12}
    first, second = crowd.draw("vote", 20), crowd.draw("vote", 21)
    assert len({*first, *second}) == 41
    assert again.draw("vote", 20) == first
    assert set(crowd.draw("talk", 12, unit="B")) == {name for name, unit in crowd.people if unit == "B"}
    taken = names(3, [])
    assert not set(names(3, taken)) & set(taken)


def test_an_order_varies_by_voter_and_never_gains_a_name():
    order = ["a", "b", "c", "d", "e"]
    given = [varied(order, f"voter {number}") for number in range(60)]
    assert given == [varied(order, f"voter {number}") for number in range(60)]
    assert all(one and len(set(one)) == len(one) and set(one) <= set(order) for one in given)
    assert len({tuple(one) for one in given}) > 5


def test_alder_house_has_twelve_on_its_committee_and_nothing_is_found(alder, tmp_path):
    told = said(alder, "alder-house")
    holders = [name for title, name, _how, held in told["posts"] if title == "House Committee" and held]
    assert len(set(holders)) == 12
    assert [(title, stage, outcome) for _n, title, stage, outcome, *_ in told["issues"]] == [
        ("A new kettle", "decided", "carried"),
        ("The bench in the yard", "vote", ""),
        ("Quiet in the yard from ten to six", "talk", ""),
        ("A book by the door", "gathering", ""),
    ]
    assert "Piet Alvaro" in holders  # who has no mailbox: two vouched, and he came in by the code on a letter
    assert told["kinds"]["code_letter.vouched"] == 2
    assert told["kinds"]["writer.named"] == told["kinds"]["words.written_in"] == 1  # by Mina, on the stairs
    assert rows(
        alder, "SELECT COUNT(*) FROM members_contact WHERE email = '' AND account_id IS NOT NULL"
    ) == [(1,)]
    assert rows(alder, "SELECT COUNT(*) FROM accounts_lettercode") == [(0,)]  # used up
    assert audited(alder, "alder-house", tmp_path / "copy") == []


def test_one_goes_back_to_the_copy_and_a_second_building_has_the_same_people_and_results(alder, tmp_path):
    house = House(tmp_path / "again")
    shutil.copytree(alder.home, house.home)
    [(before,)] = rows(house, "SELECT root FROM record_head")
    with closing(sqlite3.connect(house.home / "kollontai.sqlite3")) as connection, connection:
        connection.execute("UPDATE demos_democlock SET shows = datetime(shows, '+3 days')")
    again = house.run("demo", "alder-house", "--again", patience=600)
    assert again.returncode == 0, again.stderr
    assert rows(house, "SELECT root FROM record_head") == [(before,)]
    assert rows(house, "SELECT shows FROM demos_democlock") == rows(
        alder, "SELECT shows FROM demos_democlock"
    )

    told = house.home / "prepared" / "told.json"  # made to be the copy of another day, which is not used
    kept = json.loads(told.read_text())
    kept["fingerprint"][-1] = "1921-03-16"
    told.write_text(json.dumps(kept))
    built = house.run("demo", "alder-house", "--again", patience=600)
    assert built.returncode == 0, built.stderr
    assert rows(house, "SELECT root FROM record_head") != [(before,)]  # built anew: other ids
    assert said(house, "alder-house") == said(alder, "alder-house")


@pytest.mark.long
def test_tidewater_in_full_is_what_its_story_says_and_nothing_is_found(tmp_path):
    house = House(tmp_path / "full")
    built = house.run("demo", "tidewater", patience=900)
    assert built.returncode == 0, built.stderr
    belong = rows(
        house,
        "SELECT CAST(c.value AS TEXT), COUNT(*) FROM members_member m JOIN members_unit u ON u.id = m.unit_id "
        "JOIN record_content c ON c.id = u.name_id WHERE m.standing = 'member' GROUP BY c.value",
    )
    assert dict(belong) == BRANCHES
    told = said(house, "tidewater")
    held = Counter(title for title, _name, _how, running in told["posts"] if running)
    assert held["Coordination Council"] == 9
    assert held["Scrutineers"] == 3
    assert {held[title] for title in ("General Secretary", "Treasurer", "Recorder", "Press Editor")} == {1}
    assert [(number, stage, outcome, cast) for number, _t, stage, outcome, cast, _roll in told["issues"]] == [
        (1, "decided", "carried", 687), (2, "decided", "carried", 898), (3, "decided", "carried", 765),
        (4, "decided", "carried", 690), (5, "decided", "carried", 21), (6, "decided", "not-carried", 522),
        (7, "vote", "", None), (8, "reply", "", None), (9, "vote", "", None), (10, "answer", "", None),
        (11, "talk", "", None), (12, "gathering", "", None), (13, "talk", "", None),
    ]  # fmt: skip
    signed = rows(house, "SELECT COUNT(*), SUM(withdrawn_at IS NULL) FROM petitions_signature")
    assert signed == [(201, 186)]
    assert audited(house, "tidewater", tmp_path / "copy") == []
