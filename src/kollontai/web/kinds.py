# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each kind of entry says, in members' words, and which article its right rests on."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class KindWords:
    """A kind of entry in one line."""

    says: str | Promise
    article: int


KINDS: dict[str, KindWords] = {
    "founding.opened": KindWords(_("A charter was put before its founders"), 13),
    "charter.signed": KindWords(_("A founder signed the charter"), 13),
    "organisation.founded": KindWords(_("The organisation was founded"), 13),
    "software.upgraded": KindWords(_("Another release of the software keeps the record"), 14),
    "database.restored": KindWords(_("The record went on from a backup"), 14),
    "host.changed": KindWords(_("Somebody else runs the server from here on"), 14),
    "key.rotated": KindWords(_("The record is signed by another key from here on"), 14),
    "content.erased_by_order": KindWords(_("Words were erased because a court ordered it"), 7),
    "unit.created": KindWords(_("A unit was created"), 13),
    "member.invited": KindWords(_("Somebody was asked in"), 9),
    "invitation.declined": KindWords(_("Somebody who was asked in said no"), 9),
    "member.applied": KindWords(_("Somebody asked to join"), 9),
    "member.vouched": KindWords(_("A member vouched for somebody"), 9),
    "code_letter.vouched": KindWords(_("A member vouched for a letter with a code"), 9),
    "member.admitted": KindWords(_("Somebody became a member"), 9),
    "member.left": KindWords(_("A member left"), 13),
    "contact.change_asked": KindWords(_("A member asked for another address"), 12),
    "contact.change_stopped": KindWords(_("A change of address was stopped"), 12),
    "contact.changed": KindWords(_("A member’s other address took effect"), 12),
    "contact.erased": KindWords(_("Somebody who is gone had their name and address erased"), 7),
    "post.created": KindWords(_("A post was created"), 1),
    "post.entered": KindWords(_("Somebody elected before the founding was entered"), 1),
    "post.unconfirmed": KindWords(_("The members did not confirm somebody in a post"), 1),
    "term.begun": KindWords(_("A term in a post began"), 1),
    "term.ended": KindWords(_("A term in a post ended"), 1),
    "issue.raised": KindWords(_("An issue was raised"), 2),
    "issue.raised_for": KindWords(_("It was raised in the name of a committee"), 2),
    "issue.supported": KindWords(_("A member stands behind an issue"), 2),
    "unit.decided": KindWords(_("The vote made a unit, or gave it another name"), 13),
    "unit.merge_agreed": KindWords(_("A unit voted to merge with another; it takes the yes of both"), 13),
    "unit.merged": KindWords(_("A unit became part of another: both had voted so"), 13),
    "quiet_days.set": KindWords(_("The members’ vote set quiet days"), 2),
    "voting_day.set": KindWords(_("The members’ vote set the day on which votes open"), 2),
    "dues.set": KindWords(_("The members’ vote set the dues"), 12),
    "law_note.voted": KindWords(_("The members voted a law note"), 12),
    "law_note.lapsed": KindWords(_("A law note was over on its day"), 12),
    "charter.changed": KindWords(_("The members’ vote changed the charter"), 12),
    "question.again": KindWords(_("A draft asks again what was decided not long ago"), 2),
    "shortening.proposed": KindWords(_("A member proposed to shorten an issue, by a letter"), 2),
    "shortening.supported": KindWords(_("A member stands behind shortening an issue"), 2),
    "issue.shortened": KindWords(_("Members shortened an issue because of a date from outside"), 2),
    "issue.called_big": KindWords(_("A member called an issue a big decision"), 2),
    "issue.made_big": KindWords(_("An issue became a big decision, and its talk began anew"), 2),
    "issue.support_withdrawn": KindWords(_("A member no longer stands behind an issue"), 2),
    "issue.lapsed": KindWords(_("An issue ended without a vote"), 2),
    "issue.decided": KindWords(_("An issue was decided"), 2),
    "stage.begun": KindWords(_("A stage of an issue began"), 2),
    "resolution.in_force": KindWords(_("A text came into force"), 2),
    "draft.put": KindWords(_("A draft was put forward"), 2),
    "draft.supported": KindWords(_("A member wants a draft on the ballot"), 2),
    "draft.revised": KindWords(_("A draft was revised by its mover"), 2),
    "draft.withdrawn": KindWords(_("A draft was taken back by its mover"), 2),
    "amendment.moved": KindWords(_("An amendment was moved"), 2),
    "amendment.supported": KindWords(_("A member stands behind an amendment"), 2),
    "amendment.withdrawn": KindWords(_("An amendment was taken back by its mover"), 2),
    "amendment.accepted": KindWords(_("An amendment was accepted into the text"), 2),
    "amendment.revised": KindWords(_("An amendment got new lines by an amendment to it"), 2),
    "combination.proposed": KindWords(_("A mover proposed to combine amendments"), 2),
    "combination.agreed": KindWords(_("A mover agreed to combine an amendment"), 2),
    "amendments.combined": KindWords(_("Amendments became one alternative"), 2),
    "alternative.written": KindWords(_("A draft was written out as amendments make it"), 2),
    "contribution.made": KindWords(_("Somebody spoke on an issue"), 7),
    "attachment.made": KindWords(_("A picture or a paper came with somebody’s words"), 7),
    "lines.spoken_of": KindWords(_("Somebody spoke of lines of a draft"), 7),
    "words.written_in": KindWords(_("A neighbour wrote words in for a member"), 7),
    "support.written_in": KindWords(_("A neighbour wrote support in for a member"), 7),
    "writer.named": KindWords(_("A member named somebody who may write in for them"), 7),
    "naming.ended": KindWords(_("Somebody no longer writes in for a member"), 7),
    "writing.undone": KindWords(_("What a neighbour had written in was undone"), 7),
    "contribution.revised": KindWords(_("Somebody revised their own words"), 7),
    "fact.answered": KindWords(_("A leader answered a question of fact"), 2),
    "fact.cover_asked": KindWords(_("A member says that a fact argues"), 2),
    "statement.sealed": KindWords(_("A sealed statement was lodged"), 2),
    "statement.opened": KindWords(_("A sealed statement was opened by the clock"), 2),
    "archive.imported": KindWords(_("A thread was brought along from another program"), 13),
    "letter.posted": KindWords(_("A letter from outside was posted"), 2),
    "content.erased": KindWords(_("An author erased their own words"), 7),
    "export.stamped": KindWords(_("The members’ export was stamped"), 14),
    "poll.opened": KindWords(_("A vote opened"), 12),
    "ballot.cast": KindWords(_("A member voted"), 12),
    "poll.counted": KindWords(_("A vote was counted"), 12),
    "post.decided": KindWords(_("What the members voted about a post is in force"), 1),
    "election.opened": KindWords(_("The clock opened nominations for a post"), 1),
    "election.widened": KindWords(_("A by-election fills another seat that fell vacant"), 1),
    "nomination.made": KindWords(_("Somebody was put forward for a post"), 1),
    "nomination.declined": KindWords(_("Somebody who was put forward said no"), 1),
    "candidacy.accepted": KindWords(_("Somebody stands for a post"), 1),
    "candidacy.revised": KindWords(_("A candidate put their statement anew"), 1),
    "candidacy.withdrawn": KindWords(_("A candidate stands no longer"), 1),
    "election.empty": KindWords(_("Nominations closed, and nobody stood"), 1),
    "election.annulled": KindWords(_("A vote was lost, and nobody who stood in it is left"), 1),
    "election.decided": KindWords(_("A count seated whom it elected"), 1),
    "acting.offered": KindWords(_("The next in line was asked to act in a vacant seat"), 1),
    "acting.accepted": KindWords(_("The next in line acts until the election"), 1),
    "acting.declined": KindWords(_("The next in line did not want to act"), 1),
    "acting.lapsed": KindWords(_("The next in line did not answer in time"), 1),
    "sample.drawn": KindWords(_("A scrutineer drew signatures by lot, to ask whether they are real"), 14),
    "sample.reported": KindWords(_("A scrutineer reported on the signatures that were drawn"), 14),
    "recall.decided": KindWords(_("The members voted on a recall"), 1),
    "box.opened": KindWords(_("A secret ballot box opened"), 12),
    "box.counted": KindWords(_("A secret ballot box was opened and counted, its key destroyed"), 12),
    "box.lost": KindWords(_("A secret vote was annulled: its box could not be counted"), 12),
    "lot.added": KindWords(_("A member added to the lot of a vote"), 1),
    "lot.shown": KindWords(_("A member showed what they had added to a lot"), 1),
    "outside.entered": KindWords(_("A scrutineer entered what a ballot held outside gave"), 12),
    "outside.taken_back": KindWords(_("A scrutineer took back what they had entered"), 12),
    "links.destroyed": KindWords(_("Who took part, or signed, was forgotten for good"), 12),
    "petition.opened": KindWords(_("A member opened a petition"), 1),
    "petition.signed": KindWords(_("Somebody signed a petition"), 1),
    "signature.withdrawn": KindWords(_("Somebody took a signature back"), 1),
    "petition.reached": KindWords(_("A petition has enough signatures"), 1),
    "petition.lapsed": KindWords(_("A petition ended without enough signatures"), 1),
    "effects.declared": KindWords(_("A mover said what a draft would change"), 2),
    "question.put": KindWords(_("A question was put before the members by itself"), 2),
}

FIELDS = {
    "name": _("the name"),
    "unit_word": _("the word for a unit"),
    "charter": _("the charter’s own words"),
    "title": _("the title"),
    "text": _("the words"),
    "source": _("the source"),
    "reasons": _("the reasons"),
    "thread": _("thread"),
    "sender": _("who sent it"),
    "minutes": _("the minutes"),
    "roll": _("who may vote"),
    "paper": _("the ballot paper"),
    "choice": _("the choice"),
    "count": _("the whole count"),
    "statement": _("the statement"),
    "file": _("Its bytes"),
    "picture": _("the picture"),
    "sentence": _("the sentence"),
    "box": _("the fingerprints of the sealed ballots"),
    "ballots": _("the ballots"),
    "report": _("the report"),
    "effects": _("what it would change"),
    "words": _("its words"),
    "leaving": _("who ran it before"),
    "coming": _("who runs it now"),
    "order": _("the court’s order"),
}

AUTHS = {
    "code": _("signed in by a code from the mailbox"),
    "passkey": _("signed in by a passkey"),
    "token": _("through a program with a key of theirs"),
    "protected": _("signed in; how, is kept back where a name is protected"),
    "demo": _("entered in a demonstration"),
    "clock": _("by itself, by the clock"),
    "operator": _("by whoever runs the server"),
}


DUTIES = {
    "scrutineer": _("scrutineer"),
    "juror": _("juror"),
    "delegate": _("delegate"),
    "specialist": _("specialist"),
}

STANDINGS = {
    "invited": _("Asked in"),
    "applicant": _("Asks to join"),
    "member": _("Member"),
    "declined": _("Said no"),
    "left": _("Has left"),
}

SCOPES = {
    "read": _("read what I may read"),
    "act": _("act for me: speak, support, raise"),
    "vote": _("vote for me"),
}


def duty_word(duty: str) -> str:
    """Why a single post does not lead, in members' words."""
    return str(DUTIES.get(duty, duty))


def standing_word(standing: str) -> str:
    """Where a person stands with the organisation, in members' words."""
    return str(STANDINGS.get(standing, standing))


def words_of(kind: str) -> KindWords:
    """A kind in one line; one that a later release knows is shown by its own name."""
    return KINDS.get(kind, KindWords(kind, 14))
