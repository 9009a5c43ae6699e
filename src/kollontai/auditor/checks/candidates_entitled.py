# SPDX-License-Identifier: AGPL-3.0-or-later
"""Was everybody put forward, and did everybody answer, in time; and may every candidate stand?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kollontai.auditor.audit import Audit
from kollontai.auditor.days import DAY, later, near
from kollontai.auditor.elections import FOLLOWING, begin_of, in_paid_posts, term_days
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.things import Candidacy, Claim, Election, Form, Mark, Term

QUESTION = "Did every candidate say yes in time, and may they stand: membership, terms served, other posts?"
ARTICLE = 1
EVIDENCE = PROVED
FINDS = ("candidates who may not stand, and candidates who are kept off the paper",)

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Nominations until they close, withdrawals until the vote opens; each judged when they said yes."""
    for election in audit.state.elections.values():
        for candidacy in election.candidacies.values():
            yield from _times(audit, election, candidacy)
            accepted = candidacy.accepted
            if accepted is not None:
                yield from _may_stand(audit, election, candidacy, accepted)


def _times(audit: Audit, election: Election, candidacy: Candidacy) -> Iterator[Finding]:
    who, name = candidacy.member, election.id
    acts = [(mark, f"{who} was put forward in {name}") for mark in (candidacy.made, *candidacy.later)]
    acts += [(words.mark, f"{who} said yes or spoke in {name}") for words in candidacy.versions]
    if candidacy.declined is not None:
        acts.append((candidacy.declined, f"{who} declined in {name}"))
    ended, post = election.ended, audit.state.posts[election.post]
    for mark, what in acts:
        if mark.at >= election.closes_at or (ended is not None and ended.position < mark.position):
            yield _found.breach(mark.position, name, f"{what} after nominations had closed.")
    new = [candidacy.made, *candidacy.later, *([candidacy.accepted] if candidacy.accepted else [])]
    for mark in new:
        if post.ended_at(mark.position):
            yield _found.breach(
                mark.position, name, f"{who} came forward in {name} after {post.id} had ended."
            )
    polls = [audit.state.polls[one] for one in election.polls]
    withdrawn = candidacy.withdrawn
    if withdrawn is not None and polls and polls[0].opened.position < withdrawn.position:
        yield _found.breach(withdrawn.position, name, f"{who} withdrew from {name} while the vote was on.")
    for number, words in enumerate(candidacy.versions, 1):
        if words.number != number:
            yield _found.breach(
                words.mark.position, name, f"Version {number} of what {who} says calls itself {words.number}."
            )
    made = candidacy.made
    if made.actor == who and candidacy.answered is None and audit.state.last_at != made.at:
        yield _found.breach(
            made.position, name, f"{who} put themself forward in {name} without saying yes in the same act."
        )


def _may_stand(audit: Audit, election: Election, candidacy: Candidacy, mark: Mark) -> Iterator[Finding]:
    who, at = candidacy.member, mark.position
    person = audit.state.people.get(who)
    admission = person.admission_at(at) if person else None
    if admission is None or not audit.state.within(admission.unit, election.unit, at):
        yield _found.breach(at, who, f"{who} stands in {election.id} without belonging to {election.unit}.")
    elif admission.mark.at > election.members_since:
        yield _found.breach(
            at, who, f"{who} stands in {election.id} and joined after {election.members_since:%Y-%m-%d}."
        )
    if candidacy.half and not election.half:
        yield _found.breach(
            at, who, f"{who} stands for half a term in {election.id}, which is for whole ones."
        )
    begins = begin_of(audit, election, at)
    yield from _terms(audit, election, candidacy, mark, begins)
    yield from _posts_at_once(audit, election, who, mark, begins)


def _terms(
    audit: Audit, election: Election, candidacy: Candidacy, mark: Mark, begins: datetime
) -> Iterator[Finding]:
    """How many terms, and how many days in paid posts, this one would follow without a break."""
    who, limits = candidacy.member, audit.limits_born(election)
    before = [
        term for term in audit.state.terms_of_member.get(who, ()) if term.begun.position < mark.position
    ]
    held = [term for term in before if term.how != "acting"]
    posts = _taken_on(audit, election, mark) | {election.post}
    run = _run([term for term in held if term.post in posts], begins, mark)
    if len(run) >= limits["O1.running"] and not (election.half and candidacy.half):
        yield _found.breach(
            mark.position, who,
            f"{who} has served {len(run)} terms in {election.post} one after the other, and stands in "
            f"{election.id} for another whole one.",
        )  # fmt: skip
    if not _form(audit, election).pay:
        return
    days = term_days(audit, election, mark.position)
    if candidacy.half and election.half:
        days = -(-days // 2)
    if election.ends_at is not None:
        days = min(days, (election.ends_at - begins) // DAY)
    total = days + in_paid_posts(audit, who, begins, mark.position) // DAY
    if total > limits["O1.paid"]:
        yield _found.breach(
            mark.position, who,
            f"{who} would be in paid posts for {total} days on end; {limits['O1.paid']} is the most.",
        )  # fmt: skip


def _taken_on(audit: Audit, election: Election, mark: Mark) -> set[str]:
    """Older posts of the same unit that had been ended, and posts of units that had become part of it: this
    one takes on the terms served in them."""
    this = audit.state.posts[election.post]
    return {
        post.id
        for post in audit.state.posts.values()
        if (post.unit == this.unit and post.made.at < this.made.at and post.ended_at(mark.position))
        or (post.unit != this.unit and audit.state.where(post.unit, mark.position) == this.unit)
    }


def _until(term: Term, mark: Mark) -> datetime:
    """When a term was over, or is to be, as far as was known at an entry."""
    ended = term.ended
    return min(ended.at, term.ends_at) if ended and ended.position < mark.position else term.ends_at


def _run(terms: list[Term], begins: datetime, mark: Mark) -> list[Term]:
    """The terms that follow one another up to a beginning."""
    found: list[Term] = []
    for term in sorted(terms, key=lambda one: _until(one, mark), reverse=True):
        if later(_until(term, mark), FOLLOWING) < begins:
            break
        found.append(term)
        begins = term.begun.at
    return found


def _form(audit: Audit, election: Election) -> Form:
    """What the post was when the election opened: that it is for whoever is elected. Its days may change."""
    return audit.state.posts[election.post].form_at(election.opened.position)


def _waits(election: Election, who: str, mark: Mark) -> bool:
    """Whether somebody was elected and their term has not begun yet."""
    decided, begins = election.decided, election.begins_at
    return (
        decided is not None
        and decided.position < mark.position
        and who in election.elected
        and begins is not None
        and begins > mark.at
    )


def _posts_at_once(
    audit: Audit, election: Election, who: str, mark: Mark, begins: datetime
) -> Iterator[Finding]:
    """O4: other posts held when the term begins, stood for, or to be confirmed in; never controller and
    controlled."""
    limits = audit.limits_born(election)
    form = _form(audit, election)
    for sentence in together(audit, election.post, form, who, mark, begins, limits):
        yield _found.breach(mark.position, who, f"{who} stands in {election.id} and {sentence}")
    for sentence in _same_post(audit, election, who, mark, begins):
        yield _found.breach(mark.position, who, f"{who} stands in {election.id} and {sentence}")


def _same_post(audit: Audit, election: Election, who: str, mark: Mark, begins: datetime) -> Iterator[str]:
    """Other seats of the same post that somebody would hold with this one."""
    state, at, post = audit.state, mark.position, election.post
    for term in state.terms_of_member.get(who, ()):
        running = term.begun.position < at and (term.ended is None or term.ended.position > at)
        if term.post == post and term.how != "acting" and running and _lasts(term.ends_at, begins):
            yield f"holds {post} already."
    until = _over(audit, election, begins, at)
    for other, candidacy in state.candidacies_of.get(who, ()):
        if other is election or other.post != post or not candidacy.stands_at(at):
            continue
        first = begin_of(audit, other, at)
        last = _over(audit, other, first, at)
        both = _lasts(until, first) and _lasts(last, begins)
        if (other.running_at(at) or _waits(other, who, mark)) and both:
            yield f"stands for {post} in {other.id} at the same time."


def _over(audit: Audit, election: Election, begins: datetime, at: int) -> datetime:
    """When a term that an election gives would be over."""
    return election.ends_at or later(begins, term_days(audit, election, at))


def _lasts(until: datetime, begins: datetime) -> bool:
    """Whether something goes on when a term begins."""
    return until > begins and not near(until, begins)


def _confirmed_until(audit: Audit, claim: Claim) -> datetime:
    """When the term of somebody entered at the founding would be over."""
    founded_at = audit.state.founded_at
    return min(claim.old_end, later(founded_at, audit.charter["F.longest"])) if founded_at else claim.old_end


def together(
    audit: Audit, post: str, this: Form, who: str, mark: Mark, begins: datetime, limits: dict[str, int]
) -> Iterator[str]:
    """What somebody would hold too much of with this post, from what was known at an entry, in words."""
    state, at = audit.state, mark.position
    others: dict[str, Form] = {}
    for term in state.terms_of_member.get(who, ()):
        running = term.begun.position < at and (term.ended is None or term.ended.position > at)
        if running and _lasts(term.ends_at, begins):
            others[term.post] = state.held_as(term)
    for other, candidacy in state.candidacies_of.get(who, ()):
        runs = candidacy.stands_at(at) and (other.running_at(at) or _waits(other, who, mark))
        runs = runs and state.where(other.unit, at) == other.unit  # else nobody is seated any more
        if runs and _lasts(_over(audit, other, begin_of(audit, other, at), at), begins):
            others[other.post] = _form(audit, other)
    for claim in state.claims:
        waits = claim.made.position < at and (claim.settled is None or claim.settled.position > at)
        if claim.member == who and waits and _lasts(_confirmed_until(audit, claim), begins):
            others[claim.post] = state.posts[claim.post].form_at(at)
    others.pop(post, None)
    paid = sum(form.pay > 0 for form in others.values()) + (this.pay > 0)
    if this.pay and paid > limits["O4.paid"]:
        yield f"would hold {paid} paid posts at once."
    if len(others) + 1 > limits["O4.paid"] + limits["O4.unpaid"]:
        yield f"would hold {len(others) + 1} posts at once."
    for other_post, form in sorted(others.items()):
        watches = (form.duty == "scrutineer" and this.leading) or (this.duty == "scrutineer" and form.leading)
        if watches:
            yield f"has to do with {other_post}: a scrutineer leads nothing."
