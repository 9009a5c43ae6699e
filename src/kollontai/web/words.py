# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: E501 - a sentence stands on one line, so that it can be found by its words
"""What members read when something may not be done: one kind sentence, and what they can do today.

By code: the sentence, what stands in the way, and ways that are open. Facts of the refusal may stand in
the words as `%(name)s`; `until` stands there as a moment in words. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kollontai.chapters.record.refusal import Refusal
from kollontai.web import times

Said = str | Promise


@dataclass(frozen=True)
class Words:
    """How a refusal is said. `today`: what is open instead, each with the name of its page if it has one.

    `undated` is the sentence where no moment is known that lifts it.
    """

    sentence: Said
    more: Said = ""
    today: tuple[tuple[Said, str], ...] = ()
    undated: Said = ""


@dataclass(frozen=True)
class Way:
    """Something that can be done today."""

    text: str
    address: str
    name: str = ""  # of its page


@dataclass(frozen=True)
class Explained:
    """A refusal in words, for a page."""

    code: str
    article: int
    sentence: str
    more: str
    until: datetime | None
    today: tuple[Way, ...]


def explain(refusal: Refusal, request: HttpRequest | None = None) -> Explained:
    """Say a refusal in words."""
    words = WORDS.get(refusal.code, _OTHERWISE)
    facts = _Facts(
        {
            name: times.moment(fact) if isinstance(fact, datetime) else fact
            for name, fact in refusal.facts.items()
        }
    )
    until = None if facts.get("stage") == "gathering" else refusal.until  # nobody knows when it has gathered
    if until is not None:
        facts["until"] = times.moment(until)
    sentence = words.undated if until is None and words.undated else words.sentence
    return Explained(
        code=refusal.code,
        article=refusal.article,
        sentence=str(sentence) % facts,
        more=str(words.more) % facts,
        until=until,
        today=tuple(Way(str(text) % facts, _address(name, request), name) for text, name in words.today),
    )


class _Facts(dict[str, Any]):
    """A fact that a rule did not name leaves a gap that can be read over."""

    def __missing__(self, name: str) -> str:
        return "…"


def _address(name: str, request: HttpRequest | None) -> str:
    if not name or request is None or request.resolver_match is None:
        return ""
    name, _mark, asked = name.partition("?")
    known: Mapping[str, Any] = request.resolver_match.kwargs
    for kept in (("slug", "number"), ("slug",), ()):
        try:
            address = reverse(name, kwargs={key: known[key] for key in kept if key in known})
            return f"{address}?{asked}" if asked else address
        except (NoReverseMatch, KeyError):
            continue
    return ""


_OTHERWISE = Words(
    _("This can’t be done now."), _("A rule of the charter stands in the way; nothing was changed.")
)

_READ = (_("Read along; voting and signing are open to you as to anybody"), "issue")
_CHARTER = (_("Read the article"), "charter")
_HOME = (_("See what is open to you now"), "home")
_RAISE = (_("Raise an issue of your own"), "issue-new")
_PETITIONS_PAGE = (_("All petitions"), "petitions")

_FOUNDING: dict[str, Words] = {
    "slug-unusable": Words(
        _("This address can’t be used."), _("Small letters, digits and hyphens, two to forty of them.")
    ),
    "slug-reserved": Words(
        _("The address “%(slug)s” means something else on this server."), _("Choose another one.")
    ),
    "slug-taken": Words(
        _("The address “%(slug)s” belongs to another organisation here."), _("Choose another one.")
    ),
    "origin-unusable": Words(
        _("The record could not be named."), _("Whoever runs this server has to set its own name first.")
    ),
    "demonstration-unmarked": Words(_("A demonstration is marked as one in the name of its record."), ""),
    "demonstrations-stand-apart": Words(
        _("Demonstrations and real organisations do not live on one server."),
        _("The clock of a demonstration can be moved, and no real vote may hang on that."),
    ),
    "name-unusable": Words(
        _("A name is one line that can be read, of %(longest)s signs at most."),
        _("Line %(line)s of the list, if it was a list."),
    ),
    "unit-word-unusable": Words(_("The word for a part of it is one short word."), ""),
    "unit-name-unusable": Words(
        _("One of the parts has a name that can’t be used."), _("One line each, %(longest)s signs at most.")
    ),
    "text-unusable": Words(
        _("This text can’t be kept: it is too long, or holds signs nobody can read."),
        _("100 kB is the most."),
    ),
    "zone-unknown": Words(_("Nobody knows this clock."), _("Choose a place from the list.")),
    "preset-unknown": Words(_("Choose small or normal times."), ""),
    "joining-unknown": Words(_("Choose how one joins: open, or vouched for."), ""),
    "too-many-for-small": Words(
        _("With %(below)s people and more it is not small any more."),
        _("Choose the full times; they can be voted shorter later, down to their floors."),
    ),
    "limit-unknown": Words(_("There is no such limit in the articles."), ""),
    "limit-out-of-bounds": Words(
        _("This limit can’t be moved there: no vote goes past its floor or ceiling."), ""
    ),
    "limit-below-another": Words(_("The members’ reply is never shorter than the leaders’ own time."), ""),
    "too-many-units": Words(
        _("At most %(most)s parts can be made at founding."), _("More can come later, by a vote.")
    ),
    "doubled-unit": Words(_("Two of the parts have the same name."), _("Give one of them another name.")),
    "too-few-founders": Words(
        _("At least %(least)s founders are needed."), _("Ask one or two more before you go on.")
    ),
    "too-many-founders": Words(
        _("At most %(most)s founders can be listed."), _("Everybody else can join on the day after.")
    ),
    "doubled-founder": Words(
        _("Line %(line)s of the founders names an address that stands above already."), ""
    ),
    "email-unusable": Words(
        _("This mail address can’t be used."), _("Line %(line)s of the list, if it was a list.")
    ),
    "unit-unknown": Words(
        _("There is no part of it by this name."), _("Look at line %(line)s, or at the post “%(title)s”.")
    ),
    "too-many-posts": Words(_("At most %(most)s posts can be made at founding."), ""),
    "doubled-post": Words(
        _("“%(title)s” stands there twice."),
        _("Give one of them another name, or make it one post with more seats."),
    ),
    "founder-watches-and-leads": Words(
        _("Nobody looks after the count and leads at once."),
        _("Enter one of the two posts without a holder; it is filled by election as soon as you have begun."),
    ),
    "too-many-posts-at-once": Words(
        _("One person would hold more than %(most)s posts at once."),
        _("Power that gathers in one hand is hard to recall."),
    ),
    "post-title-unusable": Words(_("A post needs a name of one line."), ""),
    "seats-unusable": Words(_("“%(title)s” can have one to %(most)s seats."), ""),
    "duty-unknown": Words(
        _("The holder of “%(title)s” leads, unless the post is scrutineer, juror, delegate or specialist."),
        "",
    ),
    "single-post-leads": Words(
        _("“%(title)s” is a single post, and so its holder leads."),
        _("Only scrutineers, jurors, delegates and specialists do not."),
    ),
    "term-too-long": Words(
        _("A term of “%(title)s” lasts at most %(days)s days."), _("Then the members elect again.")
    ),
    "more-holders-than-seats": Words(
        _("“%(title)s” has %(seats)s seats, and more people were entered for it."),
        _("Give it more seats, or take somebody off."),
    ),
    "doubled-holder": Words(_("Somebody was entered twice for “%(title)s”."), _("Enter everybody once.")),
    "holder-not-listed": Words(
        _("Whoever held “%(title)s” before is not among the founders."),
        _("Only founders can be put to the members’ confirmation."),
    ),
    "holder-of-another-unit": Words(
        _("Whoever held “%(title)s” belongs to another part."),
        _("A post of a part is held by somebody who belongs to it."),
    ),
    "date-unusable": Words(
        _("A date of “%(title)s” can’t be read."),
        _("Write it with its hour and zone, like 2026-03-31T20:00+02:00."),
    ),
    "elected-in-the-future": Words(_("Nobody was elected to “%(title)s” on a day that has not come."), ""),
    "term-already-over": Words(
        _("The term in “%(title)s” is over already."), _("So it is vacant, and nobody has to be confirmed.")
    ),
    "minutes-missing": Words(
        _("The minutes of the election to “%(title)s” are missing."),
        _("Write what they say; the members read it before they vote."),
    ),
    "opener-not-first": Words(
        _("Whoever opens a founding stands first on its list."),
        _("Write your own name and address on the first line."),
    ),
    "already-signed": Words(
        _("You have signed already."), _("Nobody can sign twice, or for another."), (_HOME,)
    ),
    "signed-already": Words(
        _("You have signed; nobody takes a signature back."),
        _("Once it is founded you may leave at any time, for no ground that anybody asks."),
    ),
    "not-listed": Words(
        _("You are not on the list of founders."), _("Once it is founded you can ask to join."), (_CHARTER,)
    ),
    "not-founded-yet": Words(
        _("The organisation does not exist yet."),
        _("It begins when two thirds of its founders have signed; until then nobody holds a right in it."),
        (_CHARTER,),
    ),
}

_MEMBERS: dict[str, Words] = {
    "not-a-member": Words(
        _("This is for members."),
        _("Ask to join, and it is open to you as to all."),
        ((_("Ask to join"), "join"),),
    ),
    "already-member": Words(_("You are a member here already."), "", (_HOME,)),
    "already-applied": Words(
        _("You have asked to join already."), _("The clock admits you; nobody has to allow it."), (_HOME,)
    ),
    "asked-often": Words(
        _("You have asked to join %(most)s times within a day; again from %(until)s."), "", (_HOME,)
    ),
    "not-invited": Words(
        _("No invitation waits for you."),
        _("You may ask to join by yourself."),
        ((_("Ask to join"), "join"),),
    ),
    "sign-the-charter-instead": Words(
        _("You are listed as a founder: sign the charter instead."), "", ((_("Sign the charter"), "sign"),)
    ),
    "accept-the-invitation": Words(
        _("You are invited already: say yes to that."), "", ((_("Answer the invitation"), "home"),)
    ),
    "leave-instead": Words(_("You are a member; whoever is one leaves."), "", ((_("Leave"), "leave"),)),
    "decline-instead": Words(
        _("You are no member yet, so there is nothing to leave."),
        _("You can say no to the invitation, or take back that you asked."),
        ((_("Say no"), "decline"),),
    ),
    "nothing-to-decline": Words(_("There is nothing to say no to."), ""),
    "nobody-to-invite": Words(
        _("The list names nobody."), _("Write one line for each, with a name and an address.")
    ),
    "too-many-invitations": Words(
        _("At most %(most)s people can be invited within a day, the same for all."),
        _("Send the rest tomorrow."),
    ),
    "doubled-invitation": Words(_("Line %(line)s names an address that stands above already."), ""),
    "address-known": Words(
        _("This address is known here already."),
        _("Nobody is asked twice. Whoever it belongs to can sign in with it."),
    ),
    "not-for-oneself": Words(_("Nobody vouches for themself."), ""),
    "not-an-applicant": Words(
        _("This person is not asking to join."), _("Whoever asks stands at the top of the members’ page.")
    ),
    "no-vouchers-needed": Words(
        _("Joining is open here: nobody has to vouch."), _("The clock admits whoever asks.")
    ),
    "already-vouched": Words(
        _("You have vouched for them already."),
        _("A second voucher is needed too; then the clock admits them."),
    ),
    "vouched-in-a-circle": Words(
        _("They vouched for you; so somebody else vouches for them."),
        _("That keeps two people from opening the door for each other."),
    ),
    "vouching-too-new": Words(
        _("You may vouch for others from %(until)s."),
        _("Whoever vouches has been a member for %(days)s days, so that nobody fills a hall overnight."),
    ),
    "no-letter-for-them": Words(
        _("There is nobody here by this name to let in."),
        _("A letter is for whoever is asked in, waits, or belongs."),
    ),
    "has-an-address": Words(
        _("They have a mail address; codes go there."), _("A letter on paper is for whoever has none.")
    ),
    "not-of-their-unit": Words(
        _("Two members of their own unit vouch for a letter."), _("Ask somebody there who knows them.")
    ),
    "another-vouches-too": Words(
        _("You have vouched; a second member of the unit does so too, within thirty days."),
        _("Then the code is made, and whoever came second prints the letter."),
    ),
    "vouched-enough": Words(
        _("You have vouched for %(most)s people within three months; again from %(until)s."),
        _("Others can do it meanwhile."),
    ),
    "letters-enough": Words(
        _("You have vouched for letters of %(most)s people within three months; again from %(until)s."),
        _(
            "So few, because else two members could come in as any number of people. Others of their unit can do it meanwhile."
        ),
    ),
    "change-already-asked": Words(
        _("A change of your address is under way; it takes effect %(until)s."),
        _("Stop it first if it was not you, or if you want another."),
        ((_("Mine"), "mine"),),
    ),
    "same-address": Words(_("That is the address you have."), _("Write another one, or leave it as it is.")),
    "no-change-to-stop": Words(
        _("No change of your address is under way."),
        _("One that has taken effect is undone by another change."),
    ),
    "no-contact": Words(_("We know of no address of yours here."), ""),
}

_VOTES: dict[str, Words] = {
    "no-such-vote": Words(_("There is no such vote."), "", ((_("All votes"), "votes"),)),
    "not-on-the-roll": Words(
        _("You are not on the roll of this vote."),
        _(
            "Who may vote is fixed beforehand, so that nobody fills a hall overnight. You came too late for this vote, or belong elsewhere."
        ),
        ((_("See how it stands in the talk"), "issues"), _RAISE),
    ),
    "already-voted": Words(
        _("Your ballot is in the box already."),
        _("A vote can’t be changed, by you or by anyone."),
        ((_("All votes"), "votes"),),
    ),
    "vote-not-open-yet": Words(_("This vote opens %(until)s."), ""),
    "vote-closed": Words(
        _("This vote closed %(closed)s."),
        _("The hour was fixed when it opened, and no ballot counts after it, late clock or not."),
        ((_("All votes"), "votes"),),
    ),
    "one-answer-needed": Words(_("Choose one of the answers."), ""),
    "numbers-needed": Words(_("Number the options in your order."), ""),
    "nothing-numbered": Words(_("Number at least one of the options."), ""),
    "numbered-twice": Words(_("One option carries two numbers; give it one."), ""),
    "not-on-the-paper": Words(_("This answer does not stand on the ballot paper."), ""),
}

_WRITING_IN: dict[str, Words] = {
    "reached-by-mail": Words(
        _("You have a mail address, so you act yourself."),
        _("Neighbours write in for members who have none."),
    ),
    "writer-is-another": Words(_("For yourself you write anyway."), _("Name somebody else.")),
    "writer-no-member": Words(_("Only a member can write in for you."), ""),
    "writer-leads": Words(
        _("They hold a leading post, and who leads writes in for nobody."),
        _("Else members would lend their voice to those who already have one."),
    ),
    "writer-named-already": Words(_("They may write in for you already."), "", ((_("Mine"), "mine"),)),
    "enough-writers": Words(
        _("You have named %(most)s, and that is as many as there can be."),
        _("End one of them first, if you want another."),
        ((_("Mine"), "mine"),),
    ),
    "writer-for-enough": Words(
        _("They write in for %(most)s members or did until lately; there is room again from %(until)s."),
        _("So that nobody speaks for a whole street. Name somebody else, or wait."),
        undated=_("They write in for %(most)s members, and that is as many as there can be."),
    ),
    "not-your-naming": Words(_("That is for the two whom it concerns."), ""),
    "naming-over": Words(_("That is over already."), ""),
    "not-named-by-them": Words(
        _("They have not named you to write in for them."),
        _("They do so themselves, signed in; nobody does it for them."),
    ),
    "naming-rests": Words(
        _("You hold a leading post, so you write in for nobody."),
        _("When it is over you may again, if they still want it. They can name somebody else now."),
    ),
    "they-are-reached-by-mail": Words(
        _("They have a mail address now, so they act themselves."), _("What you wrote in before stays.")
    ),
    "not-their-turn": Words(
        _("They could not do this now themselves; from %(until)s they can."),
        _("What somebody may not do, nobody writes in for them."),
        undated=_("They could not do this now themselves."),
    ),
    "they-support-already": Words(_("They stand behind it already."), ""),
    "support-of-nothing": Words(
        _("Support can be written in for an issue, a draft or an amendment, and for nothing else."),
        _("A vote and a protected signature never."),
    ),
    "not-written-for-you": Words(
        _("This does not stand in your name."), _("Only the one in whose name it stands undoes it.")
    ),
    "slip-fits-nothing": Words(_("This code does not belong to it."), ""),
    "undone-already": Words(_("It is undone already."), ""),
    "too-late-to-undo": Words(
        _("It was written in more than %(days)s days ago."),
        _("Words you can still erase; support has done its work."),
    ),
    "nothing-left-to-undo": Words(
        _("Nothing is left to undo: you have put it anew or taken it back yourself."), ""
    ),
    "said-not-to-be-yours": Words(
        _("You said that these words are not yours."), _("Say your own; they stand beside them.")
    ),
}

_ISSUES: dict[str, Words] = {
    "another-unit": Words(
        _("This belongs to another part of the organisation; those who are in it decide it."),
        _("You may read it. What concerns everybody can be raised for all."),
        (_RAISE,),
    ),
    "big-is-for-all": Words(
        _("Big decisions are those of all members."),
        _("Raise it for the whole organisation, or here with the times of your own matters."),
    ),
    "no-such-issue": Words(_("There is no such issue."), "", ((_("All issues"), "issues"),)),
    "no-such-draft": Words(_("There is no such draft."), "", ((_("All issues"), "issues"),)),
    "no-such-words": Words(_("There are no such words here."), "", ((_("All issues"), "issues"),)),
    "leaders-do-not-support": Words(
        _("Who stands behind a matter or a draft are the members who do not lead on it."),
        _("So that an item is wanted from below. Your vote counts as any other."),
        (_READ,),
    ),
    "leaders-cover-nothing": Words(
        _("Who leads on an issue covers no words on it."),
        _("Whether a fact argues is for the members to say who do not lead."),
        (_READ,),
    ),
    "only-facts-are-covered": Words(
        _("What members say is covered by nobody."),
        _("Only an answer or a correction by a leader can be covered. To pass over somebody, mute them."),
        (_READ,),
    ),
    "fact-of-another-stage": Words(
        _("This was stated in an earlier stage and has been open to all since."),
        _("Answer it instead."),
        (_READ,),
    ),
    "fact-stays-as-stated": Words(
        _("You stated this before the members’ reply; while they reply it stays as it is."),
        _("Where another date or sum is wrong, correct it below the words that name it."),
        (_READ,),
    ),
    "covers-already": Words(_("You have said so already."), _("With three members it is covered.")),
    "fact-stated-already": Words(
        _("You have answered this one already."), _("Put your answer anew; both versions stay to be read.")
    ),
    "facts-are-short": Words(
        _("A fact has %(most)s signs at most."),
        _("What needs more room has its turn when the leaders answer."),
    ),
    "letter-time-unclear": Words(_("When it came in can’t be read."), ""),
    "too-many-letters": Words(
        _("At most %(most)s letters a day on one issue, the same for all."), _("Tomorrow it goes on.")
    ),
    "said-as-a-member": Words(
        _("You said this as a member; now you lead, and it stays as it is."),
        _("You may erase it, and speak again when the leaders answer."),
    ),
    "no-such-body": Words(
        _("There is no such committee."), _("In the name of one, whoever sits in it raises something.")
    ),
    "not-of-this-body": Words(_("You don’t sit in this committee."), _("You may raise it in your own name.")),
    "body-of-another-unit": Words(
        _("This committee is one of other members."),
        _("It raises its matters there; here you may raise this in your own name."),
    ),
    "body-raises-briefly": Words(
        _("In the name of a committee a matter is raised in %(most)s signs at most."),
        _("Title and facts are enough; the members speak first."),
    ),
    "leader-raises-briefly": Words(
        _("Whoever leads raises a matter in %(most)s signs at most."),
        _("Title and facts are enough; the members speak first."),
    ),
    "too-many-issues": Words(
        _("At most %(most)s issues a day can be raised by one member, the same for all."),
        _("Tomorrow there is another day."),
    ),
    "issue-over": Words(
        _("This issue has ended."),
        _("It stays to be read. The same question can be raised again later."),
        (_RAISE,),
    ),
    "stage-just-over": Words(
        _("This stage ended a moment ago."),
        _("The clock is about to open the next one. Load the page again."),
    ),
    "leaders-after-members": Words(
        _("Members speak first here; your turn comes %(until)s."),
        _(
            "You lead on this, so the members talk among themselves before you do. Reading, voting and signing are open to you as to anybody."
        ),
        (
            (_("Answer a question of fact that a member has put"), "issue"),
            (_("Correct a wrong date, sum or quotation, with its source"), "issue"),
            (_("Lodge one sealed statement; the clock opens it when the leaders answer"), "seal"),
            (_("Post a letter that came in from outside, whole"), "letter"),
        ),
        _("Members speak first here; your turn comes after them."),
    ),
    "members-reply-now": Words(
        _("The last word before the vote is the members’."),
        _("You have answered; now they reply, never shorter than you had."),
        ((_("Answer a question of fact"), "issue"), (_("Vote when it opens"), "votes")),
    ),
    "leaders-answer-now": Words(
        _("The leaders answer now; you reply from %(until)s."),
        _(
            "Questions may be asked meanwhile, and drafts supported. Your reply is never shorter than their time."
        ),
        ((_("Ask a question"), "speak?stance=question"), (_("Support a draft"), "issue")),
    ),
    "still-gathering": Words(
        _("The talk has not begun; the issue still gathers supporters."),
        "",
        ((_("Stand behind it"), "issue"),),
    ),
    "vote-is-on": Words(
        _("The vote is on; nothing is added now."),
        _("What is voted on lies before all of you as it is."),
        ((_("Vote"), "votes"),),
    ),
    "for-leaders-on-it": Words(
        _("This is for those who lead on this issue."), _("Members simply speak."), ((_("Speak"), "speak"),)
    ),
    "not-in-this-stage": Words(_("Not in this stage."), "", (_READ,)),
    "drafts-closed": Words(
        _("Drafts closed %(closed)s, at the middle of the members’ reply."),
        _(
            "From then on texts stand still, so that everybody votes on what they have read. Whoever moved one may still take it back."
        ),
        ((_("Speak in the reply"), "speak"),),
    ),
    "already-supports": Words(_("You stand behind it already."), ""),
    "supports-not": Words(_("You do not stand behind it, so there is nothing to take back."), ""),
    "stance-unknown": Words(_("Choose where you stand: for, against, another way, or a question."), ""),
    "answers-nothing-here": Words(_("What this answers does not stand on this issue."), ""),
    "too-many-contributions": Words(
        _("At most %(most)s contributions an hour, the same for all."), _("In a while it goes on.")
    ),
    "not-your-words": Words(_("These are another’s words; only their author changes or erases them."), ""),
    "erased-already": Words(_("These words were erased by their author."), ""),
    "name-while-here": Words(
        _("Your name can be erased when you have left."),
        _("While you are here, others know by name who speaks, votes and holds a post."),
        ((_("Leave"), "leave"),),
    ),
    "name-erased-already": Words(_("Your name was erased, and nothing here leads to you."), ""),
    "name-on-a-paper": Words(
        _("Your name stands on a ballot paper."),
        _("It can be erased when that election is over."),
    ),
    "name-at-a-post": Words(
        _("Your name can be erased from %(until)s."),
        _(
            "Whoever held a post answers for it by name for two years more: privilege is visible, and nobody comes"
            " back under another name to hold it again."
        ),
    ),
    "too-many-versions": Words(_("At most %(most)s versions of one text."), ""),
    "leaders-words-stay": Words(
        _("What was said as a leader stays."),
        _("Leaders answer for what they say in that role. A correction beside it is open to you."),
    ),
    "words-on-the-ballot": Words(_("These words stood on a ballot, or are in force; they stay."), ""),
    "nothing-to-erase": Words(_("It has no words of its own to erase."), ""),
    "bodys-words-stay": Words(
        _("What was put in the name of a committee stays."),
        _("A draft that you put yourself is yours to erase."),
    ),
    "take-it-back-first": Words(
        _("It still stands, and others may be reading it to support it."),
        _("Take it back first; then you can erase its words."),
    ),
    "others-rest-on-it": Words(
        _("Others’ amendments rest on these words, and may still come to the vote."),
        _("You can erase them when the vote has opened without those, or when the issue has lapsed."),
    ),
    "only-to-a-question": Words(
        _("An answer of fact answers a question that a member has put."),
        _("A wrong date, sum or quotation may be corrected, with its source."),
    ),
    "only-to-a-member": Words(
        _("Facts are stated to members who do not lead on this, not to one another."), ""
    ),
    "source-needed": Words(
        _("A correction names its source."), _("A file, a page, a minute: something others can look up.")
    ),
    "sealed-already": Words(
        _("Your sealed statement is lodged; it opens by itself."),
        _("One for each leader and issue, so that nobody speaks twice before the members have."),
    ),
    "leaders-bring-nothing": Words(
        _("You lead on an issue that is under way, so old threads are for others to bring along."),
        _("Else an old thread could speak for you before your time. When the issue has ended, you may."),
    ),
    "no-threads": Words(_("There is no thread to bring along."), ""),
    "too-many-threads": Words(_("At most %(most)s threads at once."), _("Bring the rest along afterwards.")),
    "too-many-threads-today": Words(
        _("At most %(most)s threads of one member a day, the same for all."), _("Tomorrow it goes on.")
    ),
    "source-unknown": Words(_("Nobody here knows the program this comes from."), ""),
    "thread-too-long": Words(
        _("This thread is longer than %(most)s bytes, so it can’t be brought along."), ""
    ),
    "not-brought-by-you": Words(
        _("Whoever brought this thread along can erase it."),
        _("Ask them. If you are named in it, they can bring it along again without you."),
    ),
    "no-such-thread": Words(_("There is no such thread."), ""),
    "letter-from-the-future": Words(_("A letter can’t have come in at a time that lies ahead."), ""),
    "letter-too-old": Words(
        _("A letter from outside is posted within a day of coming in."),
        _("Later it can be quoted in the talk, like any other text."),
    ),
    "too-many-drafts": Words(
        _("At most %(most)s drafts of one member on one issue, the same for all."),
        _("Put one of yours anew, or take one back."),
    ),
    "no-letters-left": Words(
        _("There are %(most)s drafts already, one for each letter."), _("Support one of them, or speak.")
    ),
    "no-such-amendment": Words(_("There is no such amendment."), "", ((_("All issues"), "issues"),)),
    "no-such-combination": Words(_("Nobody proposed this combination."), "", ((_("All issues"), "issues"),)),
    "amendment-withdrawn": Words(_("This amendment was taken back by its mover."), ""),
    "amendment-accepted": Words(
        _("This amendment was accepted; it is part of the text now."),
        _("Should it be revised away again, it is open again by itself."),
    ),
    "amendment-over": Words(
        _("One of these amendments is over: taken back, accepted, or its lines have changed."),
        _("Move what you want as an amendment to the text as it stands."),
    ),
    "amendment-overtaken": Words(
        _("The lines of this amendment have changed since it was moved, so it can’t be accepted."),
        _("With enough supporters it comes to the vote all the same, on the text that it was moved to."),
    ),
    "not-your-amendment": Words(
        _("Only whoever moved an amendment does this with it."), _("Move one of your own beside it.")
    ),
    "too-many-amendments": Words(
        _("At most %(most)s amendments of one member on one issue, the same for all."),
        _("Take one back, or support another’s."),
    ),
    "no-amendments-left": Words(
        _("There are %(most)s amendments on this issue already; more nobody can read."),
        _("Support one of them, or put a draft of your own."),
    ),
    "operation-unknown": Words(_("An amendment replaces lines, inserts lines or deletes lines."), ""),
    "version-unknown": Words(_("There is no such version; the newest is version %(newest)s."), ""),
    "lines-not-there": Words(_("These lines are not in the text."), _("Choose lines that are.")),
    "lines-moved-on": Words(
        _("These lines have changed since; the text stands in version %(newest)s now."),
        _("Read it as it is, and amend that. So nobody brings an old text back by amending it."),
    ),
    "one-level-deep": Words(
        _("An amendment to an amendment can’t be amended again."),
        _("Amend the first one, or the draft itself."),
    ),
    "nothing-to-amend": Words(
        _("This amendment deletes lines; there is nothing in it to amend."), _("Amend the draft instead.")
    ),
    "empties-amendment": Words(
        _("Nothing would be left of the amendment that you amend."), _("Simply don’t support it.")
    ),
    "changes-nothing": Words(_("The text would be the same as before."), _("Change a word in it.")),
    "two-to-four": Words(_("From %(least)s to %(most)s amendments make one alternative."), ""),
    "another-draft": Words(_("Only amendments to one draft make one alternative."), ""),
    "amendments-conflict": Words(
        _("These amendments change the same lines, so they can’t be one."), _("Each stands for itself.")
    ),
    "combined-already": Words(_("One of them is combined with others already."), ""),
    "not-asked-to-combine": Words(
        _("Nobody asked you to combine an amendment here: each mover says yes for their own."), ""
    ),
    "agreed-already": Words(_("You have agreed already."), ""),
    "too-many-combinations": Words(
        _("At most %(most)s proposals to combine by one member on one issue, the same for all."), ""
    ),
    "draft-withdrawn": Words(_("This draft was taken back by its mover."), ""),
    "not-your-draft": Words(
        _("Only whoever moved a draft changes it or takes it back."),
        _("Put another one beside it."),
        ((_("Put a draft"), "draft-new"),),
    ),
    "text-empty": Words(_("There are no words in it yet."), ""),
    "text-too-long": Words(_("This is longer than a page can hold."), _("100 kB is the most.")),
    "lines-too-long": Words(_("At most %(lines)s lines, of %(length)s signs each."), ""),
    "text-unreadable": Words(_("There are signs in it that nobody can read."), ""),
    "title-empty": Words(_("Give it a title, as you would say it to a colleague."), ""),
    "title-too-long": Words(_("A title has %(most)s signs at most."), ""),
}

_ELECTIONS: dict[str, Words] = {
    "no-such-election": Words(
        _("There is no such election."), "", ((_("All elections"), "elections"), (_("All posts"), "posts"))
    ),
    "no-such-term": Words(_("There is no such term."), "", ((_("All posts"), "posts"),)),
    "no-such-offer": Words(_("Nobody is asked to act in this seat."), "", ((_("All posts"), "posts"),)),
    "nominations-closed": Words(
        _("Nominations closed %(closed)s."),
        _(
            "Who stands, stands; from then on nothing about it moves, so that everybody votes on the same paper."
        ),
        ((_("Read who stands, and vote"), "elections"),),
    ),
    "post-ended": Words(
        _("This post ended %(ended)s; nobody is elected to it any more."),
        _("What is still open of its nominations closes without a vote."),
        ((_("All posts"), "posts"),),
    ),
    "election-of-another-unit": Words(
        _("This post belongs to another part of the organisation; those who are in it elect it."),
        _("You may read who stands."),
        ((_("All elections"), "elections"),),
    ),
    "member-too-new": Words(
        _("Whoever has been a member since %(since)s votes and stands here; you came later."),
        _(
            "That day was fixed when nominations opened, so that nobody fills a hall overnight. In the next election you are one of them."
        ),
        ((_("All elections"), "elections"),),
    ),
    "nominee-cannot-stand": Words(
        _(
            "They cannot stand here: they belong elsewhere, are no member, or have been one for too short a time."
        ),
        _("Put somebody else forward, or stand yourself."),
    ),
    "stand-yourself": Words(
        _("That is you. You stand by saying so yourself."),
        _("Press “Stand yourself”, and say a few words if you like."),
    ),
    "already-nominated": Words(
        _("They have been put forward already."),
        _("Nobody is asked twice in one election; whoever said no may still stand by themself."),
    ),
    "too-many-candidates": Words(
        _("%(most)s people have been put forward; more than that no ballot can hold."),
        _("Talk to those who stand; nominations open again with the next term."),
    ),
    "not-nominated": Words(
        _("Nobody has put you forward here, so there is nothing to say no to."),
        _("You may stand by yourself."),
    ),
    "already-answered": Words(
        _("You have answered this already."),
        _("Until nominations close you may still stand, or take your yes back."),
    ),
    "not-a-candidate": Words(
        _("You do not stand in this election."),
        _("Until nominations close you may."),
    ),
    "already-stands": Words(
        _("You stand already."),
        _("You may put your words anew, or take your yes back, until nominations close."),
    ),
    "statement-empty": Words(
        _("There are no words in your statement yet."),
        _("A few lines are enough: who you are, what you want to do."),
    ),
    "statement-too-long": Words(
        _("A statement has %(longest)s signs at most, the same for everybody."),
        _("Keep what matters most, or take out signs that nobody can read."),
    ),
    "picture-too-large": Words(
        _("A picture has %(megabytes)s MB at most."),
        _("Make it smaller, or stand without one."),
    ),
    "picture-unusable": Words(
        _("This file can’t be read as a picture."),
        _("JPEG, PNG and WebP can be used. You may also stand without one."),
    ),
    "served-their-terms": Words(
        _("You have served as many terms here as one does in a row."),
        _(
            "At most %(most)s terms follow one another, those in a post that was ended before this one began counted too, so that posts go round. If nobody stands in this round, you may stand in the next, for half a term."
        ),
        ((_("Put somebody else forward"), "elections"),),
    ),
    "paid-for-long-enough": Words(
        _("With this term you would be in paid posts for longer than anybody may be."),
        _(
            "It is %(most)s days at most, acting counted too, so that nobody comes to live on a post. After more than ninety days without one you may stand again."
        ),
        ((_("Put somebody else forward"), "elections"),),
    ),
    "controller-and-controlled": Words(
        _("Nobody looks after the count and leads at once."),
        _(
            "Whoever is a scrutineer, or stands for it, holds no leading post, and the other way round. Give the other back first, or stand no longer there."
        ),
        ((_("Your posts"), "posts"),),
    ),
    "paid-post-already": Words(
        _("You hold, or stand for, a paid post already."),
        _("One is the most, so that power does not gather in one hand."),
        ((_("Your posts"), "posts"),),
    ),
    "holds-it-already": Words(
        _("You hold a seat of this post already, until %(until)s."),
        _("Nobody sits on two seats of one post: each of them is one voice."),
        ((_("Put somebody else forward"), "elections"), (_("Your posts"), "posts")),
    ),
    "stands-for-it-already": Words(
        _("You already stand for another seat of this post."),
        _(
            "Nobody sits on two seats of one post. If you are not elected there, or step back before voting opens, you may stand here as long as names are put forward."
        ),
        ((_("Put somebody else forward"), "elections"),),
    ),
    "not-next-in-line": Words(
        _("Somebody else comes next by the ballots of the last election."),
        _("Who acts until members have elected is read from those ballots, and chosen by nobody."),
        ((_("Stand in the election"), "elections"),),
    ),
    "offer-over": Words(
        _("This offer is over: it was answered, or its time has passed."),
        _("Whoever comes after is asked then; and the election is open to you as to anybody."),
        ((_("Stand in the election"), "elections"),),
    ),
    "not-your-post": Words(
        _("Only whoever holds a post gives it back."),
        _("If members want somebody to go, enough of them can ask for a recall."),
        ((_("All posts"), "posts"),),
    ),
    "term-already-ended": Words(_("This term is over already."), "", ((_("All posts"), "posts"),)),
    "same-number": Words(_("Two candidates carry the same number; give each its own."), ""),
    "too-many-ranks": Words(
        _("You numbered more candidates than this paper has ranks."),
        _("Where few vote, a long order would give its voter away. Keep your first ones."),
    ),
    "code-unusable": Words(
        _("Your part of the check code is four small letters or digits."),
        _("Or leave it to the page."),
    ),
    "vote-held-outside": Words(
        _("This vote is held outside, as a law wants it."),
        _("Scrutineers hold the ballot; two of them enter here what it gave, and it is counted again."),
        ((_("See who stands"), "elections"),),
    ),
    "vote-without-lot": Words(
        _("This vote has no lot: it is an open one."),
        _("Lots belong to secret votes."),
        ((_("All votes"), "votes"),),
    ),
    "lot-closed": Words(
        _("Adding to this lot ended %(closed)s."),
        _(
            "In the first half of a vote everybody may add; then those who added show their sentences, and nothing can be added that knows them."
        ),
        ((_("All votes"), "votes"),),
    ),
    "lot-already-added": Words(
        _("You have added to this lot already."),
        _("One sentence of each; keep yours until it is shown."),
    ),
    "lot-no-hash": Words(
        _("This is no SHA-256: that has 64 signs, 0 to 9 and a to f."),
        _("The page computes it from a sentence, or any machine does."),
    ),
    "lot-nothing-added": Words(
        _("You have added nothing to this lot, so there is nothing to show."),
        "",
        ((_("All votes"), "votes"),),
    ),
    "lot-already-shown": Words(_("Your sentence is shown already."), ""),
    "lot-shown-too-early": Words(
        _("Sentences are shown from %(until)s."),
        _("Until then others may add; whoever showed theirs now would let somebody choose the lot."),
    ),
    "lot-other-sentence": Words(
        _("This is not the sentence you added: its hash is another one."),
        _("To the letter, with its blanks, points and capitals."),
    ),
}

_EFFECTS: dict[str, Words] = {
    "effect-unknown": Words(
        _("A draft can create, change or end a post, and nothing else by itself."),
        _("Who holds a post, an election says."),
    ),
    "effect-incomplete": Words(
        _("Something is missing in what this would change, or there is too much."),
        _("A new post needs a name, seats and the length of a term; a change or an end names its post."),
    ),
    "effect-twice": Words(
        _("This draft touches one post twice."), _("Say in one line what is to become of it.")
    ),
    "effect-post-unknown": Words(_("There is no such post."), ""),
    "effect-of-another-unit": Words(
        _("“%(title)s” is a post of other members, who decide about it themselves."),
        _("Posts are created, changed and ended where they belong, and from nowhere else."),
    ),
    "effect-post-ended": Words(
        _("“%(title)s” has ended."), _("A post that ended does not come back; a new one may be created.")
    ),
    "leaders-do-not-call-big": Words(
        _("Whether a matter is a big decision is said by the members who do not lead on it."),
        _("As many of them as it needs supporters, in the first days of their talk."),
    ),
    "big-already": Words(_("This is a big decision already."), _("It has the long times.")),
    "called-big-already": Words(
        _("You have called this a big decision."), _("It becomes one when enough other members do so too.")
    ),
    "too-late-to-call-big": Words(
        _("The days for calling this a big decision are over."),
        _("Whoever needs more time can say so in the talk, and vote no."),
    ),
    "unit-made-by-all": Words(
        _("All members make a unit together."), _("Raise it for the whole organisation."), (_RAISE,)
    ),
    "unit-names-itself": Words(
        _("What a part of the organisation is called, its own members say."),
        _("They raise it there, among themselves."),
    ),
    "file-unusable": Words(
        _("This file is no picture and no PDF that could be kept."),
        _("JPEG, PNG, WebP and PDF files are taken. Your words are kept; choose another file, or none."),
    ),
    "too-many-files": Words(
        _("There are more files than %(most)s."), _("Choose the ones that matter, or speak twice.")
    ),
    "too-many-files-today": Words(
        _("You have attached %(most)s files within a day, the most that anybody may."),
        _("Tomorrow there is room again; words need none."),
    ),
    "too-much-today": Words(
        _("Your files of one day would be more than %(megabytes)s MB, the most that anybody may."),
        _("Tomorrow there is room again."),
    ),
    "pdf-too-large": Words(
        _("This PDF is larger than %(megabytes)s MB."),
        _("Most programs can save it smaller, or only the pages that matter."),
    ),
    "pdf-unusable": Words(
        _("This file is called a PDF and is none, or it was cut off on the way."),
        _("Save it anew as PDF and send it again; your words are kept."),
    ),
    "pdf-encrypted": Words(
        _("This PDF is locked: not everybody could read it."),
        _("Save it without a password, or print it into a new PDF."),
    ),
    "pdf-does-something": Words(
        _("This PDF does more than be read: it runs a script, fills in a form or carries other files."),
        _("Print it into a new PDF; that keeps what is to be read."),
    ),
    "merger-alone": Words(
        _("A merger stands alone in its draft."),
        _("Put what else is to change into an issue of its own."),
        (_RAISE,),
    ),
    "merger-of-two": Words(_("A merger is of two parts that there are."), _("Choose both.")),
    "first-unit-never-merges": Words(
        _("The organisation as a whole merges with none of its parts."),
        _("One part becomes part of another, when each of the two has voted so."),
    ),
    "unit-is-gone": Words(
        _("One of the two is no more: it has become part of another."),
        _("Its members belong there, and whatever was open goes on there."),
    ),
    "merger-by-its-units": Words(
        _("Nobody merges others: each of the two votes on it among its own members."),
        _("Whoever belongs to one of them raises it there."),
    ),
    "unit-name-taken": Words(_("There is one called “%(name)s” already."), _("Choose another name.")),
    "too-many-units": Words(_("There are %(most)s already, which is the most."), ""),
    "dues-are-of-all": Words(
        _("Dues are set by all members."), _("Raise it for the whole organisation."), (_RAISE,)
    ),
    "dues-unusable": Words(_("Dues can’t be that."), _("Nothing, or up to a million a month.")),
    "quiet-days-unreadable": Words(
        _("These quiet days can’t be read."),
        _("Write each as 2030-08-01, or a run of them as 2030-08-01..2030-08-14, with spaces between."),
    ),
    "quiet-days-of-one-year": Words(
        _("Quiet days are set for one calendar year at a time; some of these are not in %(year)s."),
        _("Put each year in an issue of its own."),
    ),
    "too-many-quiet-days": Words(
        _("A year has at most %(most)s quiet days."), _("Quiet days make everything take longer.")
    ),
    "quiet-days-too-soon": Words(
        _("A quiet day is voted, or taken away, at least %(days)s days ahead."),
        _("Choose days that are still so far away when the vote is counted."),
    ),
    "voting-day-unusable": Words(
        _("The voting day is one of the first %(last)s days of a month, or none."),
        _("Every month has those."),
    ),
    "law-note-elsewhere": Words(
        _(
            "A law note stands at one article, and touches form, term, eligibility, proxy, publication or signing."
        ),
        _("Choose what the law compels, and nothing wider."),
    ),
    "law-note-never-here": Words(
        _("No law note stands here: groups, leaving and the record are out of its reach."), ""
    ),
    "law-note-incomplete": Words(
        _("A law note names country, statute, section and adviser, and gives the full text and the change."),
        _("Whoever votes reads the law itself."),
    ),
    "one-subject": Words(
        _("What changes the charter changes one thing of it, and nothing beside it."),
        _("Put each in an issue of its own, so that each is voted on by itself."),
        (_RAISE,),
    ),
    "charter-is-of-all": Words(
        _("The charter is everybody’s: all members change it, or nobody."),
        _("Raise it for the whole organisation."),
        (_RAISE,),
    ),
    "charter-own-issue": Words(
        _(
            "The charter is changed in an issue that was raised for it, so that all know it from the first day."
        ),
        _("Raise it as an issue of its own."),
        (_RAISE,),
    ),
    "limit-entrenched": Words(
        _("“%(words)s”: no vote moves this."),
        _("It protects every member, also against a majority."),
        ((_("The charter"), "charter"),),
    ),
    "limit-at-its-floor": Words(
        _("“%(words)s”: no vote goes below %(bound)s."),
        _("Between its bounds the members move it as they like."),
        ((_("The charter, with all bounds"), "charter"),),
    ),
    "limit-at-its-ceiling": Words(
        _("“%(words)s”: no vote goes above %(bound)s."),
        _("Between its bounds the members move it as they like."),
        ((_("The charter, with all bounds"), "charter"),),
    ),
    "limit-below-the-other": Words(
        _("“%(words)s” is never less than “%(other)s”."), _("Move the one first, and then the other.")
    ),
    "limit-both-parts": Words(
        _("“%(words)s”: a share has two numbers, which move together; everything else has one."), ""
    ),
    "leaders-do-not-shorten": Words(
        _("Only members who don’t lead on a matter shorten it."),
        _("You may post the letter; what follows from it is theirs to say."),
    ),
    "big-keeps-its-times": Words(
        _("A big decision keeps its full times."),
        _("Whoever is waiting outside can be told that members are deciding, and when."),
    ),
    "effects-keep-their-times": Words(
        _("What would change something by itself keeps its full times."),
        _("A text alone, without changes of posts, rules or dues, can be shortened."),
    ),
    "one-text-to-shorten": Words(
        _("An issue is shortened when exactly one text would stand on the ballot; here it is %(texts)s."),
        _("Movers may withdraw, or the talk takes its time."),
    ),
    "shortened-often-enough": Words(
        _("This has been done %(most)s times here within a year, and that is all."),
        _("When a year has passed since the first of them it is possible again."),
    ),
    "shortening-proposed-already": Words(
        _("You have proposed to shorten this already."), _("Others can stand behind your proposal.")
    ),
    "no-such-letter": Words(
        _("That letter is not in the letter box of this issue."), _("Post it first, whole; anybody may.")
    ),
    "date-not-pressing": Words(
        _("The vote ends before that date anyway."), _("There is time for all of the talk.")
    ),
    "too-late-to-shorten": Words(
        _("Even shortened, the vote would end after that date: on %(ends)s."),
        _("The members decide in their own time, and say so outside."),
    ),
    "shortened-text-is-fixed": Words(
        _("Members shortened this; its text is fixed, and is asked about with yes or no."),
        _("Say in the talk what is wrong with it, and vote no if it stays wrong."),
    ),
    "shortened-already": Words(_("This is shortened already."), _("Its stages have hours now.")),
    "no-such-shortening": Words(_("There is no such proposal."), ""),
    "effects-fixed": Words(
        _("What drafts would change by themselves was fixed when the members’ talk ended."),
        _(
            "You may declare what a draft of that day declared, or less; anything else is an issue of its own."
        ),
        (_RAISE,),
    ),
    "effect-needs-long-times": Words(
        _("“%(title)s” leads or is paid, or would be: this needs the long times."),
        _("Raise it as a big decision, with this as its first draft."),
        (_RAISE,),
    ),
    "effect-changes-nothing": Words(_("“%(title)s” is like that already."), ""),
    "post-title-taken": Words(
        _("There is a post called “%(title)s” here, or this draft makes one."),
        _(
            "Choose another name. A post keeps the terms served in it, so a new one does not take over its name at once."
        ),
    ),
    "pay-unusable": Words(
        _("The pay of “%(title)s” can’t be that."), _("Nothing, or up to a million a month.")
    ),
    "box-unknown": Words(
        _(
            "The ballots for “%(title)s” are secret and held here, or held outside by a scrutineer where law demands it."
        ),
        "",
    ),
    "box-needs-law-note": Words(
        _("The ballots for “%(title)s” can’t be held outside: no law note says so."),
        _(
            "Raise the law note first: at the article on posts, on their form. This can follow when it stands."
        ),
        (_RAISE,),
    ),
    "too-many-effects": Words(
        _("A draft changes at most %(most)s things by itself."), _("Raise the others as issues of their own.")
    ),
    "too-many-posts-here": Words(_("There are %(most)s posts here already."), _("Another can end first.")),
    "nobodys-draft": Words(
        _("The clock put this draft, and nobody can change it or take it back."),
        _("Put another one beside it."),
        ((_("Put a draft"), "draft-new"),),
    ),
}

_OUTSIDE: dict[str, Words] = {
    "vote-held-here": Words(_("This vote is held here, and its ballots are counted here by themselves."), ""),
    "not-a-scrutineer": Words(
        _("Elected scrutineers see to this vote."),
        _("They hold a post for that, by election, here or above."),
    ),
    "scrutineer-stands": Words(
        _("You stand in this election, and so you don’t enter its ballots."),
        _("Another scrutineer does."),
    ),
    "outside-not-closed": Words(
        _("The vote runs until %(until)s; its ballots are entered after that."),
        "",
        undated=_("The vote still runs; its ballots are entered after its close."),
    ),
    "counted-already": Words(
        _("This vote has been counted."),
        _("What was counted stays. Anybody can count it again from the record."),
    ),
    "entered-already": Words(
        _("You have entered its ballots."), _("You can take that back as long as they are not counted.")
    ),
    "entered-just-now": Words(
        _("You took your entry back just now; you can enter again from %(until)s."),
        "",
        undated=_("You took your entry back just now; you can enter again in a minute."),
    ),
    "nothing-entered": Words(
        _("You have entered nothing for this vote."), _("Only what you entered yourself can be taken back.")
    ),
    "report-missing": Words(_("The report of whoever held the vote belongs to it."), _("Enter it whole.")),
    "ballot-file-too-long": Words(_("A ballot file has %(most)s signs at most."), ""),
    "ballot-file-wrong": Words(
        _("Line %(line)s, column %(column)s of the ballot file can’t be read."),
        _("There should be %(expected)s."),
    ),
    "ballot-file-other-paper": Words(
        _("The ballot file begins with %(found)s candidates; on the paper stand %(expected)s."),
        _("Re-open nominations counts as one, and stands last."),
    ),
    "ballot-file-other-seats": Words(
        _("The ballot file is about %(found)s seats; here it is %(expected)s."), ""
    ),
    "ballot-file-other-order": Words(
        _("In the ballot file number %(number)s is %(found)s; on the paper it is %(expected)s."),
        _("The file numbers the candidates in the order of the paper."),
    ),
    "ballot-file-changes-paper": Words(
        _("The ballot file withdraws a candidate, or gives an order for ties."),
        _("The paper was frozen when the vote opened, and ties go by a lot that everybody can draw again."),
    ),
    "ballot-file-not-votes": Words(
        _("There are ballots in the file that say nothing, or give a number twice."),
        _("Leave them out; the report says how many there were."),
    ),
    "more-ballots-than-voters": Words(
        _("There are %(ballots)s ballots in the file; %(voters)s may vote."), ""
    ),
    "counts-differ-in-number": Words(
        _("The two counts differ: %(yours)s ballots in yours, %(theirs)s in the one that was entered."),
        _("Nothing was counted. Look at them together; whoever was wrong enters again."),
    ),
    "counts-differ": Words(
        _(
            "The two counts differ: the ballot %(ranking)s is there %(yours)s times in yours and %(theirs)s times in the one that was entered."
        ),
        _("%(rankings)s such ballots differ. Nothing was counted; whoever was wrong enters again."),
    ),
}

_PETITIONS: dict[str, Words] = {
    "no-such-petition": Words(_("There is no such petition."), "", (_PETITIONS_PAGE,)),
    "petition-about-nothing": Words(
        _("A petition asks to recall the holder of one post, or puts one question to all members."),
        _("Choose the one or the other; other matters are raised as issues."),
        (_RAISE,),
    ),
    "petition-of-another-unit": Words(
        _("This post belongs to another part of the organisation; those who elect its holder recall them."),
        _("You may read the petition. A question to all members can be signed by everybody."),
        (_PETITIONS_PAGE,),
    ),
    "recall-in-grace": Words(
        _("A recall from this post can be asked for from %(until)s."),
        _("The charter gives everybody who was just elected some days to begin."),
        (_CHARTER,),
    ),
    "recall-under-way": Words(
        _("A recall from this post is under way already."),
        _("Sign that petition, or vote, if the vote has opened."),
        (_PETITIONS_PAGE, (_("All votes"), "votes")),
    ),
    "too-many-petitions": Words(
        _("At most %(most)s petitions a day can be opened by one member, the same for all."),
        _("Tomorrow there is another day; signing those of others is open to you."),
        (_PETITIONS_PAGE,),
    ),
    "petition-signed-already": Words(
        _("You have signed this petition."),
        _(
            "One name counts once. You find your signature under Mine, and may take it back while the petition runs."
        ),
        ((_("Mine"), "mine"),),
    ),
    "petition-not-signed": Words(
        _("Your name does not stand under this petition, so there is nothing to take back."), ""
    ),
    "signature-just-withdrawn": Words(
        _("You took your signature back just now; you can sign again from %(until)s."), ""
    ),
    "petition-reached": Words(
        _("Enough have signed; what this petition asked for is happening."),
        _("Nobody can stop it now, and no further name is needed."),
        ((_("See what is open to you now"), "home"),),
    ),
    "petition-over": Words(
        _("This petition closed %(closed)s."),
        _("Too few had signed by then. The same can be asked again at any time."),
        (_PETITIONS_PAGE,),
    ),
    "not-to-see-signatures": Words(
        _("Who signed is shown to nobody but elected scrutineers, and to them one in ten by lot."),
        _("They hold a post for that, by election, here or above."),
    ),
    "petition-about-you": Words(
        _("This petition is about your own post, so you don’t see who signed it."),
        _("Another scrutineer does that."),
    ),
    "petition-not-reached": Words(
        _("A sample is drawn when enough have signed."),
        _("Until then names can still come and go."),
    ),
    "ties-destroyed": Words(
        _("Nobody can tell any more who signed this petition; the ties are destroyed."),
        _(
            "They are kept until the time for complaints is over, and no longer: so no list of names outlives its use."
        ),
    ),
    "sample-drawn-already": Words(_("You have drawn your sample of this petition."), _("Each draws once.")),
    "sample-sentence-unusable": Words(
        _("The lot needs some words of yours, at most %(longest)s characters."),
        _("Any words that nobody could know before."),
    ),
    "sample-not-drawn": Words(_("You have drawn no sample of this petition."), _("Draw it first.")),
    "sample-reported-already": Words(
        _("You have reported on this sample."),
        _("Each sample is reported on once. Another scrutineer may draw one."),
    ),
    "sample-sum": Words(
        _("You drew %(drawn)s; the three numbers together must be that many."),
        _("Count everybody once."),
    ),
}

WORDS: dict[str, Words] = {
    **_FOUNDING,
    **_MEMBERS,
    **_VOTES,
    **_WRITING_IN,
    **_ISSUES,
    **_ELECTIONS,
    **_EFFECTS,
    **_OUTSIDE,
    **_PETITIONS,
}
