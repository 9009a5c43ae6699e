# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of files: looked at first, put in one's own name, waiting for nobody but oneself."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kollontai.chapters.deliberation import fromfile
from kollontai.chapters.deliberation.models import Amendment, ArchivedThread, Draft, FromFile, Issue
from tests.deliberation.loomio_export import NEW, export
from tests.web.hall import LEADER, Hall, form_key
from tests.web.test_elections import says, send

pytestmark = pytest.mark.django_db

LOOK = "/tidewater/issues/from-file/"
FILE = """# Issue: A kettle
It leaks.
# Draft: Buy one
We buy a kettle.
It costs 30 at most.
# Draft: Mend it
We mend it.
# Amendment 7: draft A, replace line 2
Moved by: Hal
It costs 25 at most.
## Reasons
Cheaper.
# Amendment 8: draft B, insert after line 1
By Friday.
# Nonsense
"""


def uploaded(text: str | bytes, name: str = "file.md") -> SimpleUploadedFile:
    data = text.encode() if isinstance(text, str) else text
    return SimpleUploadedFile(name, data, "text/plain")


def press(client: Any, on: str, to: str, **fields: Any) -> Any:
    """Send a form that stands on one page and leads to another address."""
    page = client.get(on)
    assert page.status_code == 200, says(page)
    return client.post(to, {"form_key": form_key(page.content.decode()), **fields}, follow=True)


def raised(hall: Hall, client: Any) -> Issue:
    send(client, LOOK, file=uploaded(FILE))
    press(client, LOOK, LOOK + "raise/", unit_id=hall.world.unit().pk)
    return Issue.objects.get()


def test_a_file_is_shown_before_anything_happens_and_raised_in_the_readers_own_name(hall: Hall) -> None:
    ada = hall.enter("ada")
    page = says(send(ada, LOOK, file=uploaded(FILE)))
    for words in ("read as UTF-8", "Line 15:", "This heading is none of", "Buy one", "Mend it", "Hal"):
        assert words in page
    assert not Issue.objects.exists()
    issue = raised(hall, ada)
    assert issue.raised_by_id == hall.world.people["ada"]
    assert (Draft.objects.count(), Amendment.objects.count()) == (1, 0)
    assert [one["what"] for one in fromfile.waiting(hall.world.member("ada"), issue)] == [
        "draft", "amendment", "amendment",
    ]  # fmt: skip
    assert FromFile.objects.filter(issue=None).count() == 0


def test_what_waits_is_seen_by_nobody_else_and_moved_by_whoever_presses_the_button(hall: Hall) -> None:
    ada, ben = hall.enter("ada"), hall.enter("ben")
    issue = hall.move_on(raised(hall, ada), "talk")
    at = f"/tidewater/issues/{issue.number}/"
    listed = says(ada.get(at + "from-file/"))
    assert "The file names Hal." in listed
    assert "which has to be put first" in listed
    assert "Nothing waits here." in says(ben.get(at + "from-file/"))
    assert "It costs 25" not in says(ben.get(at + "drafts/A/amend/?from=2"))
    page = ada.get(at + "drafts/A/amend/?from=2").content.decode()
    assert "From your file, which names Hal" in page
    assert "It costs 25 at most." in page
    typed = dict(re.findall(r'name="(first|last|version)" value="(\d+)"', page))
    send(
        ada, at + "drafts/A/amend/?from=2", form_key=form_key(page), text="It costs 25 at most.", reasons="Cheaper.",
        **typed,
    )  # fmt: skip
    moved = Amendment.objects.get()
    assert (moved.mover_id, moved.operation, moved.first, moved.last) == (
        hall.world.people["ada"],
        "replace",
        2,
        2,
    )
    assert [one["id"] for one in fromfile.waiting(hall.world.member("ada"), issue)] == [1, 3]
    page = says(ada.get(at + "drafts/new/?from=1"))
    assert "We mend it." in page
    send(ada, at + "drafts/new/?from=1", title="Mend it", text="We mend it.")
    [left] = fromfile.waiting(hall.world.member("ada"), issue)
    assert left["draft_id"] == Draft.objects.get(letter="B").pk
    ada.post(at + f"from-file/{left['id']}/drop/")
    assert not FromFile.objects.exists()


def test_a_leader_gets_no_way_round_their_silence_by_a_file(hall: Hall) -> None:
    hal = hall.enter(LEADER)
    long = FILE.replace("It leaks.", "Vote for it. " * 160)
    send(hal, LOOK, file=uploaded(long))
    answer = press(hal, LOOK, LOOK + "raise/", unit_id=hall.world.unit().pk)
    assert answer.status_code == 422
    assert "2000" in says(answer).replace(",", "")
    assert not Issue.objects.exists()
    issue = hall.at_talk()
    at = f"/tidewater/issues/{issue.number}/"
    table = "number,first,operation,text,mover\n1,2,replace,It costs 9 at most.,Ada\n"
    page = says(send(hal, at + "from-file/", file=uploaded(table)))
    assert "Members speak first here" in page
    assert "Open the form" not in page
    assert hal.get(at + "drafts/A/amend/?from=1").status_code == 403
    refused = hal.post(at + "drafts/A/amend/?from=1", {"text": "x", "first": 1, "last": 1, "version": 1})
    assert refused.status_code == 422
    assert "Members speak first here" in says(refused)
    assert not Amendment.objects.exists()


def test_bad_rows_of_a_table_are_named_and_the_good_ones_wait(hall: Hall) -> None:
    issue = hall.at_talk()
    table = "number;first;operation;text\n1;2;replace;Für 25.\n2;9;delete;\n".encode("cp1252")
    page = says(send(hall.enter("ben"), f"/tidewater/issues/{issue.number}/from-file/", file=uploaded(table)))
    assert "read as Windows-1252" in page
    assert "Line 3:" in page
    assert "Für 25." in page


def test_threads_are_shown_chosen_and_brought_along(hall: Hall) -> None:
    ada, at = hall.enter("ada"), "/tidewater/archive/"
    page = says(send(ada, at + "bring/", file=uploaded(export(NEW), "group.json")))
    assert "The water butts · Orla Fictional · 2024-03-01 · 2 comments · 1 vote" in page
    assert not ArchivedThread.objects.exists()
    press(ada, at + "bring/", at + "bring/now/", which=["0"], without="emile fictional\n")
    [one] = ArchivedThread.objects.all()
    page = says(hall.enter("ben").get(f"{at}{one.pk}/"))
    for words in (
        "Not checked by this record",
        "by Ada",
        "Two leak",
        "[left out]",
        "Agreed.",
        "Mend or buy?",
    ):
        assert words in page
    assert "Émile" not in page
    assert "alert" not in page
    assert "Erase it" not in page
    assert says(ada.get(at + "bring/")).count("Which Sunday?") == 1, "what was not chosen waits"
    assert "The water butts" not in says(hall.enter("ben").get(at + "bring/"))
    send(ada, f"{at}{one.pk}/erase/")
    assert "An erased thread" in says(hall.enter("ben").get(f"{at}{one.pk}/"))
    assert hall.enter().get(f"{at}{one.pk}/").status_code == 403


def test_no_page_lets_a_leader_bring_threads_while_an_issue_is_open(hall: Hall) -> None:
    assert hall.enter(LEADER).get("/tidewater/archive/bring/").status_code == 200
    hall.at_talk()
    assert hall.enter(LEADER).get("/tidewater/archive/bring/").status_code == 403
    page = hall.enter(LEADER).get("/tidewater/archive/").content.decode()
    assert "archive/bring/" not in page
    assert "You lead on an issue that is under way" in page
    assert "archive/bring/" in hall.enter("ada").get("/tidewater/archive/").content.decode()
    assert hall.enter("ada").get("/tidewater/archive/bring/").status_code == 200


def test_nothing_is_done_twice_by_a_form_sent_twice(hall: Hall) -> None:
    ada = hall.enter("ada")
    raised(hall, ada)
    again = ada.post(LOOK + "raise/", {"unit_id": hall.world.unit().pk})
    assert again.status_code == 302
    assert Issue.objects.count() == 1


def test_what_nobody_puts_is_forgotten_after_ninety_days(hall: Hall) -> None:
    issue = raised(hall, hall.enter("ada"))
    fromfile.sweep(at=hall.now.time + fromfile.KEPT_FOR)
    assert fromfile.waiting(hall.world.member("ada"), issue)
    fromfile.sweep(at=hall.now.time + 2 * fromfile.KEPT_FOR)
    assert not FromFile.objects.exists()
