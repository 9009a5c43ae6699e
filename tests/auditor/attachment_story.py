# SPDX-License-Identifier: AGPL-3.0-or-later
"""An honest talk with files, and abuses of them, as in `abuses.py`."""

from __future__ import annotations

import base64

from kollontai.openrecord.kinds import attachments

from .abuses import abuse, replace
from .charter_stories import CHAIR, talked, with_a_chair
from .stories import story
from .story import HOUR
from .town import Town
from .world import spell

PAPER = b"%PDF-1.7 an offer %%EOF"
PIXELS = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xda pixels"
PLACE = b"\xff\xd8\xff\xe1\x00\x08Exif\x00\x00\xff\xda pixels"


def attach(world: Town, issue: str, to: str, of: str, by: str, data: bytes, form: str = "pdf") -> None:
    """A file that came with the words just put down."""
    name = world.new("f")
    fact = attachments.AttachmentMade(name, issue, to, of, form, len(data))
    made = world.record(fact, by, name="offer", file=base64.b64encode(data).decode())
    host, version = ("draft", 2) if to == "version" else (to, 0)
    there = {one: of if one == host else "" for one in ("contribution", "letter", "draft", "amendment")}
    world.add(
        "attachments", attachment=name, issue=issue, **there, version=version, author=by, form=form, size=len(data),
        at=spell(world.at),
    )  # fmt: skip
    world.point("attachment.name", name, made["name"])
    world.point("attachment.file", name, made["file"])


@story
def a_talk_with_files(world: Town) -> None:
    """Somebody shows an offer and a picture; somebody posts a letter's pages, and takes words back with theirs."""
    with_a_chair(world)
    issue = talked(world)
    world.at += HOUR
    said = world.speak(issue, "m0005", "See the offer.")
    attach(world, issue, "contribution", said, "m0005", PAPER)
    attach(world, issue, "contribution", said, "m0005", PIXELS, "picture")
    world.at += HOUR
    letter = world.letter(issue, "m0006", world.at - HOUR)
    attach(world, issue, "letter", letter, "m0006", PAPER)
    world.at += HOUR
    gone = world.speak(issue, "m0007", "Never mind.")
    attach(world, issue, "contribution", gone, "m0007", PAPER)
    world.at += HOUR
    shown = [world.shown("contribution.text", f"{gone}/1")]
    shown += [world.shown(f"attachment.{part}", "f0004") for part in ("name", "file")]
    world.erase("m0007", *shown)
    draft = world.put(issue, "m0008", "1. A lamp.")
    attach(world, issue, "draft", draft, "m0008", PAPER)
    world.at += HOUR
    world.redraft(draft, "m0008", "1. A larger lamp.")
    attach(world, issue, "version", draft, "m0008", PIXELS, "picture")
    world.turn(issue, "answer")


@abuse("attachments_plain", a_talk_with_files)
def a_file_is_slipped_in_beside_anothers_words(world: Town) -> int:
    position = world.find("attachment.made", attachment="f0001")
    world.change(position, actor="m0006")
    return position


@abuse("attachments_plain", a_talk_with_files)
def the_chair_lays_a_paper_beside_the_talk(world: Town) -> int:
    position = world.find("attachment.made", attachment="f0002")
    world.change(position, actor=CHAIR)
    return position


@abuse("attachments_plain", a_talk_with_files)
def a_file_is_laid_beside_words_a_day_later(world: Town) -> int:
    position = world.find("attachment.made", attachment="f0001")
    entry = world.chain.pop(position)
    later = world.find("letter.posted") + 2
    world.chain.insert(later, entry)
    world.change(later, at=world.chain[later - 1].at)
    return later


@abuse("attachments_plain", a_talk_with_files)
def a_picture_tells_where_it_was_taken(world: Town) -> int:
    position = world.find("attachment.made", attachment="f0002")
    replace(world, position, "file", lambda _: base64.b64encode(PLACE).decode())
    world.change(position, size=len(PLACE))
    return position


@abuse("attachments_plain", a_talk_with_files)
def a_program_is_called_a_paper(world: Town) -> int:
    position = world.find("attachment.made", attachment="f0001")
    replace(world, position, "file", lambda _: base64.b64encode(b"MZ" + PAPER[2:]).decode())
    return position


@abuse("attachments_plain", a_talk_with_files)
def a_file_is_longer_than_its_entry_says(world: Town) -> int:
    position = world.find("attachment.made", attachment="f0001")
    world.change(position, size=3)
    return position


@abuse("attachments_plain", a_talk_with_files)
def a_paper_is_taken_from_the_words_it_proves(world: Town) -> int:
    world.at = world.chain[-1].at
    shown = [world.shown(f"attachment.{part}", "f0001") for part in ("name", "file")]
    world.erase("m0005", *shown)
    return len(world.chain) - 1


@abuse("attachments_plain", a_talk_with_files)
def a_file_is_laid_beside_a_new_version_that_another_day_brought(world: Town) -> int:
    position = world.find("attachment.made", to="version")
    world.at = world.chain[-1].at
    world.chain.append(world.chain.pop(position))
    world.change(len(world.chain) - 1, at=world.at)
    return len(world.chain) - 1


@abuse("attachments_plain", a_talk_with_files)
def a_file_is_said_to_come_with_a_version_there_was_not(world: Town) -> int:
    position = world.find("attachment.made", to="draft")
    world.change(position, to="version")
    return position


@abuse("erasure_allowed", a_talk_with_files)
def somebody_erases_anothers_paper(world: Town) -> int:
    world.at = world.chain[-1].at
    world.erase("m0006", world.shown("attachment.file", "f0001"))
    return len(world.chain) - 1


@abuse("attachments_plain", a_talk_with_files)
def words_are_erased_and_their_paper_stays(world: Town) -> int:
    position = world.find("content.erased")
    first = world.chain[position].fact.commitments[:1]
    world.change(position, commitments=first)
    return position


@abuse("state_matches", a_talk_with_files)
def an_attachment_is_dropped_from_the_rows(world: Town) -> int:
    world.rows["attachments"].pop(0)
    return world.find("attachment.made", attachment="f0001")


@abuse("content_opens", a_talk_with_files)
def the_bytes_of_a_paper_go_missing(world: Town) -> int:
    position = world.find("attachment.made", attachment="f0001")
    world.contents.pop(world.chain[position].commitments["file"].hex())
    return position
