# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of notices: the same for all, short, plain text, one address in each.

What a mail server may read on the way is only this: the organisation, a unit, that a vote or nominations are
open, until when. No title of an issue, for titles argue; no name of a person; nothing of a result. In the
foot stands the stamp of the record, so that every mailbox holds a copy of it (docs/decisions/0022).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from kollontai.chapters.bodies.models import Post
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.elections.models import Candidacy, Election, Offer
from kollontai.chapters.record.models import Head, Organisation
from kollontai.chapters.voting.models import Poll
from kollontai.followers import addresses
from kollontai.openrecord.words import five_words


@dataclass(frozen=True)
class Words:
    """A notice: subject, text, the page it leads to; and until when it is true, where it says "open"."""

    subject: str
    text: str
    address: str
    until: datetime | None = None


OWN: dict[str, str | Promise] = {
    "charter.signed": gettext_lazy("The charter was signed."),
    "member.applied": gettext_lazy("You asked to join, or said yes to an invitation."),
    "member.vouched": gettext_lazy("You vouched for somebody."),
    "code_letter.vouched": gettext_lazy("You vouched for a letter with a code."),
    "member.left": gettext_lazy("You left the organisation."),
    "contact.change_stopped": gettext_lazy("A change of your address was stopped."),
    "contact.changed": gettext_lazy("Your other address took effect."),
    "content.erased": gettext_lazy("Words of yours were erased."),
    "ballot.cast": gettext_lazy("You voted."),
    "lot.added": gettext_lazy("You added to the lot of a vote."),
    "issue.raised": gettext_lazy("You raised an issue."),
    "issue.supported": gettext_lazy("You stand behind an issue."),
    "issue.support_withdrawn": gettext_lazy("You no longer stand behind an issue."),
    "issue.called_big": gettext_lazy("You called an issue a big decision."),
    "shortening.proposed": gettext_lazy("You proposed to shorten an issue."),
    "shortening.supported": gettext_lazy("You stand behind shortening an issue."),
    "draft.put": gettext_lazy("You put a draft forward."),
    "draft.supported": gettext_lazy("You want a draft on the ballot."),
    "draft.withdrawn": gettext_lazy("You took a draft back."),
    "amendment.moved": gettext_lazy("You moved an amendment."),
    "amendment.supported": gettext_lazy("You stand behind an amendment."),
    "amendment.withdrawn": gettext_lazy("You took an amendment back."),
    "writer.named": gettext_lazy("You named somebody who may write in for you."),
    "naming.ended": gettext_lazy("You ended that somebody writes in for another."),
    "support.written_in": gettext_lazy("You wrote support in for a neighbour."),
    "writing.undone": gettext_lazy("What a neighbour had written in for you was undone."),
    "nomination.made": gettext_lazy("You put somebody forward."),
    "nomination.declined": gettext_lazy("You said no to standing."),
    "candidacy.accepted": gettext_lazy("You stand in an election."),
    "candidacy.withdrawn": gettext_lazy("You no longer stand in an election."),
    "acting.accepted": gettext_lazy("You took on to act in a post."),
    "acting.declined": gettext_lazy("You said no to acting in a post."),
    "outside.entered": gettext_lazy("You entered the count of a vote held outside."),
    "term.ended": gettext_lazy("You gave a post back."),
}
"""Each weighty act in somebody's name, as they are told of it; that they spoke, they see where they spoke."""

RIGHT_USED = "right-used"
_OWN_OR_PROTECTED = OWN | {
    RIGHT_USED: gettext_lazy("You used a protected right. Which, you find there, and nobody else.")
}


def when(moment: datetime, organisation: Organisation) -> str:
    """Day and hour in the organisation's zone: "Friday 20 Feb, 20:00"."""
    there = moment.astimezone(ZoneInfo(organisation.zone))
    return date_format(there, pgettext("form of a date", "l j M, H:i"))


def vote_opens(poll: Poll, organisation: Organisation, *, posted: bool = False) -> Words:
    """A vote opened. `posted`: on paper, for whoever reads it, on the roll or not."""
    said = _of_poll(poll, organisation)
    if poll.box == "outside":
        text = _(
            "%(matter)s is voted on in %(unit)s until %(when)s (%(zone)s). A scrutineer holds the ballot"
            " outside."
        )
    elif posted:
        text = _(
            "%(matter)s is voted on in %(unit)s until %(when)s (%(zone)s). Everybody on its roll may vote:"
            " one vote, no change."
        )
    else:
        text = _(
            "%(matter)s is voted on in %(unit)s until %(when)s (%(zone)s). You may vote: one vote, no change."
        )
    return Words(
        _("A vote is open in %(unit)s until %(when)s") % said, text % said, _poll(poll, organisation),
        poll.closes_at,
    )  # fmt: skip


def last_day(poll: Poll, organisation: Organisation, *, voted: bool) -> Words:
    """A vote closes within a day."""
    said = _of_poll(poll, organisation)
    text = _("%(matter)s is voted on in %(unit)s until %(when)s (%(zone)s).") % said
    text += "\n" + (
        _("The roll says that you have voted. If you have not, somebody did it in your name: say so at once.")
        if voted
        else _("You have not voted yet.")
    )
    subject = _("A vote in %(unit)s closes on %(when)s") % said
    return Words(subject, text, _poll(poll, organisation), poll.closes_at)


def vote_counted(poll: Poll, organisation: Organisation, *, voted: bool) -> Words:
    """A vote was counted; what came out stands on its page, for everybody at once."""
    said = _of_poll(poll, organisation)
    text = _("The vote in %(unit)s is over and counted: %(matter)s.") % said
    text += "\n" + what_the_roll_says(voted=voted)
    return Words(_("A vote in %(unit)s has been counted") % said, text, _poll(poll, organisation))


def what_the_roll_says(*, voted: bool) -> str:
    """Whether somebody took part, as the roll of a vote that is over has it."""
    return _("The roll says that you voted.") if voted else _("The roll says that you did not vote.")


def vote_annulled(poll: Poll, organisation: Organisation) -> Words:
    """The key of a secret vote is gone; it opens anew."""
    said = _of_poll(poll, organisation)
    text = _(
        "The secret vote in %(unit)s could not be opened and is annulled: %(matter)s. It opens anew, and"
        " everybody votes again."
    )
    return Words(_("A vote in %(unit)s was annulled") % said, text % said, _poll(poll, organisation))


def nominations_open(election: Election, organisation: Organisation, *, posted: bool = False) -> Words:
    """Nominations opened for a post. `posted`: on paper, for whoever reads it, of that unit or not."""
    said = {
        "unit": str(election.post.unit.name),
        "when": when(election.closes_at, organisation),
        "zone": organisation.zone,
        "post": str(election.post.title),
        "seats": election.seats,
    }
    if posted:
        text = ngettext(
            "Who shall it be? %(seats)s seat is to be filled in %(unit)s: %(post)s. Members of %(unit)s may"
            " stand, or put somebody forward, until %(when)s (%(zone)s).",
            "Who shall it be? %(seats)s seats are to be filled in %(unit)s: %(post)s. Members of %(unit)s may"
            " stand, or put somebody forward, until %(when)s (%(zone)s).",
            election.seats,
        )
    else:
        text = ngettext(
            "Who shall it be? %(seats)s seat is to be filled in %(unit)s: %(post)s. You may stand, or put"
            " somebody forward, until %(when)s (%(zone)s).",
            "Who shall it be? %(seats)s seats are to be filled in %(unit)s: %(post)s. You may stand, or put"
            " somebody forward, until %(when)s (%(zone)s).",
            election.seats,
        )
    return Words(
        _("Nominations are open in %(unit)s until %(when)s") % said,
        text % said,
        _address("election", organisation, election.pk),
        election.closes_at,
    )


def put_forward(candidacy: Candidacy, organisation: Organisation) -> Words:
    """Somebody was put forward and is asked whether they stand; by whom, they read there."""
    election = candidacy.election
    text = _(
        "You have been put forward in %(unit)s: %(post)s. You stand only by your own yes. You can say yes or"
        " no until %(when)s (%(zone)s); no ground is asked."
    )
    return _question(
        text, election.post, organisation, until=election.closes_at,
        address=_address("election", organisation, election.pk),
    )  # fmt: skip


def asked_to_act(offer: Offer, organisation: Organisation) -> Words:
    """The next in line is asked to act in a seat that fell vacant."""
    post = offer.term.post
    text = _(
        "A seat has fallen vacant in %(unit)s: %(post)s. You come next by the ballots of the last election"
        " and are asked to act until members have elected. You can say yes or no until %(when)s (%(zone)s);"
        " no ground is asked. After a no, or no answer, whoever comes after you is asked."
    )
    return _question(
        text, post, organisation, until=offer.until, address=_address("post", organisation, post.pk)
    )


def _question(text: str, post: Post, organisation: Organisation, *, until: datetime, address: str) -> Words:
    said = {
        "unit": str(post.unit.name),
        "post": str(post.title),
        "name": str(organisation.name),
        "when": when(until, organisation),
        "zone": organisation.zone,
    }
    subject = _("A question to you at %(name)s, open until %(when)s")
    return Words(subject % said, text % said, address, until)


def in_your_name(kinds: Sequence[str], organisation: Organisation, *, gone: bool = False) -> Words:
    """What was done in a member's name, so that they notice what they did not do.

    `gone`: they belong no more, and the page of their own is closed to them.
    """
    return Words(
        _("In your name at %(name)s") % {"name": str(organisation.name)},
        _("This was done in your name:\n\n%(acts)s\n\nWas one of them not you? Then say so at once.")
        % {"acts": "\n".join(f"- {line}" for line in own_lines(kinds))},
        _address("home" if gone else "mine", organisation),
    )


def own_lines(kinds: Iterable[str]) -> list[str]:
    """Acts in a member's name as lines, each kind once, with how often."""
    counted: dict[str, int] = {}
    for what in kinds:
        counted[what] = counted.get(what, 0) + 1
    return [
        f"{_OWN_OR_PROTECTED[what]} ({many}×)" if many > 1 else str(_OWN_OR_PROTECTED[what])
        for what, many in counted.items()
    ]


def digest(
    how: str, news: Sequence[str], acts: Sequence[str], waiting: Sequence[Poll], organisation: Organisation
) -> Words:
    """What happened, and which votes wait for the reader."""
    parts = ["\n".join(f"- {line}" for line in news)] if news else []
    if acts:
        parts.append(_("In your name:") + "\n" + "\n".join(f"- {line}" for line in own_lines(acts)))
    if waiting:
        lines = [
            _("- in %(unit)s, until %(when)s") % {
                "unit": str(poll.unit.name), "when": when(poll.closes_at, organisation),
            }
            for poll in waiting
        ]  # fmt: skip
        parts.append(_("Votes that wait for you:") + "\n" + "\n".join(lines))
    subject = _("Your day at %(name)s") if how == "daily" else _("Your week at %(name)s")
    return Words(
        subject % {"name": str(organisation.name)}, "\n\n".join(parts), _address("home", organisation)
    )


def body(words: Words, foot: str, ends: str) -> str:
    """A whole letter: text, its one address, and below the line the stamp and how to end this."""
    return f"{words.text}\n\n{words.address}\n\n-- \n{foot}\n{_('Fewer of these, or none:')} {ends}\n"


def foot(organisation: Organisation) -> str:
    """The stamp of the record, for the foot of every notice."""
    head = Head.objects.get(pk=organisation.pk)
    return _("%(name)s. Stamp: %(size)s entries, root %(root)s, in words: %(words)s.") % {
        "name": str(organisation.name),
        "size": head.size,
        "root": bytes(head.root).hex(),
        "words": five_words(bytes(head.root)),
    }


def _of_poll(poll: Poll, organisation: Organisation) -> dict[str, str]:
    return {
        "unit": str(poll.unit.name),
        "when": when(poll.closes_at, organisation),
        "zone": organisation.zone,
        "matter": _matter(poll),
    }


def _matter(poll: Poll) -> str:
    if poll.about == "issue":
        if not hasattr(poll, "issue_number"):  # asked once for all to whom it is told
            poll.issue_number = Issue.objects.values_list("number", flat=True).get(pk=poll.subject)
        return _("Issue %(n)s") % {"n": poll.issue_number}
    return {
        "election": _("An election"),
        "confirmation": _("Confirming somebody elected before the founding"),
        "recall": _("A recall"),
    }.get(poll.about, _("A matter"))


def _poll(poll: Poll, organisation: Organisation) -> str:
    return _address("poll", organisation, poll.pk)


def _address(page: str, organisation: Organisation, *more: object) -> str:
    return addresses.full(page, organisation.slug, *more)
