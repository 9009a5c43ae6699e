# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was written in, as pages and slips show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from kollontai.chapters.deliberation import facts
from kollontai.chapters.deliberation import rules as deliberation
from kollontai.chapters.deliberation.models import Amendment, Contribution, Draft, Issue
from kollontai.chapters.deliberation.stages import Doing, Stage
from kollontai.chapters.members.models import Contact, Member
from kollontai.chapters.record.refusal import Refusal
from kollontai.chapters.writing_in import queries, rules
from kollontai.chapters.writing_in.models import Naming, WriteIn
from kollontai.followers.addresses import full
from kollontai.web import times
from kollontai.web.house import House
from kollontai.web.pages import letters, people

MOST_SHOWN = 500
WORDS_IN_LETTERS = 60  # of each thing said; all of it stands on the slip and on the page


@dataclass(frozen=True)
class Written:
    """One thing written in: what it is in a few words, where it stands, whether it may still be undone."""

    made: WriteIn
    what: str
    words: str
    address: str
    may_undo: bool


@dataclass(frozen=True)
class Mine:
    """Writing in, as it concerns one member."""

    writers: Sequence[Naming]
    for_whom: Sequence[Naming]
    written: Sequence[Written]
    reached: bool  # by mail: then nobody writes in for them

    @property
    def shown(self) -> bool:
        """Whether there is anything to say of it."""
        return bool(self.writers or self.for_whom or self.written or not self.reached)


def mine(house: House, contact: Contact) -> Mine:
    """Who may write in for me, for whom I may, and what was written in for me."""
    me = house.someone
    assert me is not None
    namings = queries.namings_of(me)
    return Mine(
        writers=[one for one in namings if one.member_id == me.pk],
        for_whom=[one for one in namings if one.writer_id == me.pk],
        written=written_for(house, me),
        reached=queries.is_reached(contact),
    )


def writes_in(house: House) -> bool:
    """Whether somebody without a mail address named the reader."""
    return people.kept(
        house.stands, f"writes-in:{house.me.pk}", lambda: queries.written_for_by(house.me).exists()
    )


def written_for(house: House, member: Member) -> list[Written]:
    """What was written in for somebody, the newest first."""
    return shown(house, queries.written_for(member)[:MOST_SHOWN])


def by_id(house: House, write_in_id: str) -> Written | None:
    """One thing written in here."""
    found = WriteIn.objects.filter(organisation=house.id, pk=write_in_id).with_names()
    return next(iter(shown(house, found)), None)


def shown(house: House, rows: QuerySet[WriteIn] | Iterable[WriteIn]) -> list[Written]:
    """Things written in, in words; in at most eight queries, however many."""
    found = list(rows)
    lately = [one for one in found if one.undone_at is None and house.now < one.at + rules.UNDO_WITHIN]
    standing = queries.still_standing(lately)
    ids = {to: [one.of for one in found if one.to == to] for to in ("words", "draft", "amendment")}
    drafts = Draft.objects.in_bulk(ids["draft"]) if ids["draft"] else {}
    changes = Amendment.objects.in_bulk(ids["amendment"]) if ids["amendment"] else {}
    said = Contribution.objects.filter(pk__in=ids["words"], versions__version=1)
    texts = _texts(said) if ids["words"] else {}
    return [
        Written(
            made=one,
            what=_what(one, drafts, changes),
            words=texts.get(one.of, ""),
            address=_address(house, one, drafts, changes),
            may_undo=one.pk in standing,
        )
        for one in found
    ]


def _texts(said: QuerySet[Contribution]) -> dict[str, str]:
    return {
        one.pk: str(one.versions.all()[0].text) for one in said.prefetch_related("versions__text").distinct()
    }


def _what(made: WriteIn, drafts: dict[str, Draft], changes: dict[str, Amendment]) -> str:
    on = {"n": made.issue.number, "title": str(made.issue.title)}
    if made.to == "words":
        return _("Words on issue %(n)s, “%(title)s”") % on
    if made.to == "draft":
        return _("Support for draft %(letter)s on issue %(n)s, “%(title)s”") % {
            **on, "letter": drafts[made.of].letter,
        }  # fmt: skip
    if made.to == "amendment":
        return _("Support for amendment %(which)s on issue %(n)s, “%(title)s”") % {
            **on, "which": changes[made.of].number,
        }  # fmt: skip
    return _("Support for issue %(n)s, “%(title)s”") % on


def _address(house: House, made: WriteIn, drafts: dict[str, Draft], changes: dict[str, Amendment]) -> str:
    number = made.issue.number
    if made.to == "words":
        return reverse("voice", args=[house.slug, number, made.of])
    if made.to == "draft":
        return reverse("draft", args=[house.slug, number, drafts[made.of].letter])
    if made.to == "amendment":
        return reverse("amendment", args=[house.slug, number, changes[made.of].number])
    return reverse("issue", args=[house.slug, number])


# --- Doors -------------------------------------------------------------------------------------------


def neighbours(writer: Member) -> list[tuple[str, str]]:
    """For whom somebody may write in, to choose from."""
    return [(one.member_id, str(one.member.name)) for one in queries.written_for_by(writer)]


def to_support(issue: Issue) -> list[tuple[str, str]]:
    """What somebody could be put behind on an issue now, to choose from."""
    if Stage(issue.stage) is Stage.GATHERING:
        return [(f"issue.{issue.pk}", _("The issue: it comes to the talk"))]
    drafts = issue.drafts.filter(withdrawn_at=None).order_by("put_at", "letter")
    changes = issue.amendments.filter(withdrawn_at=None).order_by("number")
    return [
        *((f"draft.{one.pk}", _("Draft %(letter)s") % {"letter": one.letter}) for one in drafts),
        *((f"amendment.{one.pk}", _("Amendment %(n)s") % {"n": one.number}) for one in changes),
    ]


def why_not_write_in(house: House, issue: Issue, what: Doing) -> Refusal | None:
    """Why the reader can write nothing in here; None where they can for one of their neighbours."""
    at, found = house.now, []
    mine = deliberation.may(what, facts.place(issue, house.me, at=at), at=at)
    for member in [one.member for one in queries.written_for_by(house.me)] or [None]:
        theirs = deliberation.may(what, facts.place(issue, member, at=at), at=at) if member else None
        asked = queries.writing(house.organisation, house.me, member, mine=mine, theirs=theirs, at=at)
        found.append(rules.may_write_in(asked))
    return None if None in found else found[0]


def doing_of(issue: Issue) -> Doing:
    """What supporting something on an issue is, in the stage in which it stands."""
    return Doing.SUPPORT if Stage(issue.stage) is Stage.GATHERING else Doing.SUPPORT_DRAFT


# --- Paper -------------------------------------------------------------------------------------------


def slip(house: House, one: Written, code: str, addresses: Sequence[Sequence[str]]) -> bytes:
    """The slip of one thing written in, with the code that undoes it."""
    made = one.made
    text: list[letters.Part] = [
        _("To %(who)s. %(writer)s wrote this in for you on %(when)s. It stands in your name:")
        % {"who": made.member.name, "writer": made.writer.name, "when": times.moment(made.at)},
        one.what + ".",
    ]
    text += letters.quoted(one.words)
    door = full("slip", house.slug)
    text.append(
        _("Is it not yours, or not as you said it? Go to %(door)s on any device, until %(until)s, and type:")
        % {"door": door, "until": times.moment(made.at + rules.UNDO_WITHIN)}
    )
    after = [
        _("The code undoes this and nothing else. Support then counts no longer; words stay and are marked as"
          " not yours."),
        _("Whoever holds this slip can undo it, and so can %(writer)s, who printed it. Everything written in"
          " for you stands on your own page, under Mine.") % {"writer": made.writer.name},
    ]  # fmt: skip
    return letters.typed(
        house, addresses or [[str(made.member.name)]], _("Written in for you"), text, code, after
    )


def letter(house: House, member: Member, addresses: Sequence[Sequence[str]]) -> bytes:
    """A letter that lists what was written in for somebody within four weeks, without any code."""
    found = lines_of(house, member) or [_("Nothing was written in for you in the last four weeks.")]
    text: list[letters.Part] = [_("To %(who)s.") % {"who": member.name}, *found]
    text.append(
        _("Is something of it not yours? Use its slip, or come in by a letter with a code and undo it under"
          " Mine, within 28 days.")
    )  # fmt: skip
    return letters.typed(house, addresses or [[str(member.name)]], _("Written in for you"), text)


def lines_of(house: House, member: Member) -> list[letters.Part]:
    """What was written in for somebody and can still be undone: a line for each, and how its words begin."""
    lines: list[letters.Part] = []
    for one in shown(house, queries.lately(member, at=house.now)):
        lines.append(
            _("%(when)s, by %(writer)s: %(what)s.")
            % {"when": times.moment(one.made.at), "writer": one.made.writer.name, "what": one.what}
        )
        lines += letters.quoted(Truncator(" ".join(one.words.split())).words(WORDS_IN_LETTERS))
    return lines
