# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did the clock put before members exactly the questions that the articles ask for?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from kollontai.auditor.audit import Audit
from kollontai.auditor.clockwords import Asked, nobody_stands, when_it_came
from kollontai.auditor.elections import empty_rounds
from kollontai.auditor.findings import PROVED, Finder, Finding
from kollontai.auditor.read import json_value
from kollontai.auditor.things import Issue, Petition, Put

QUESTION = (
    "Did every question that members signed, or that nobody's standing raised, come before them at once?"
)
ARTICLE = 12
EVIDENCE = PROVED
FINDS = ("questions that enough members asked for and that were not put",)

_found = Finder(__name__, ARTICLE)
GRACE = timedelta(hours=1)


def check(audit: Audit) -> Iterator[Finding]:
    """After a petition that reached its number; after rounds in which nobody stood."""
    for issue in audit.state.issues.values():
        if issue.put is not None:
            yield from _put(audit, issue, issue.put)
    for petition in audit.state.petitions.values():
        reached = petition.reached
        if petition.about == "question" and reached is not None:
            put = audit.state.questions.get(petition.id, [])
            if not put and audit.last_at - reached.at > GRACE:
                yield _found.breach(
                    reached.position, petition.id, f"{petition.id} had its number, and no question was put."
                )
    yield from _dropped(audit)
    yield from _reviewed(audit)


def _put(audit: Audit, issue: Issue, put: Put) -> Iterator[Finding]:
    at = issue.raised.position
    same = [one.id for one in audit.state.questions[put.subject]]
    petition = audit.state.petitions.get(put.subject)
    if put.why == "petition":
        if petition is None or petition.about != "question":
            yield _found.breach(at, issue.id, f"{issue.id} follows {put.subject}, which asks no question.")
            return
        yield from _after_petition(audit, issue, put, petition)
        if same[0] != issue.id:
            yield _found.breach(at, issue.id, f"{issue.id} puts the question of {petition.id} a second time.")
    elif put.why == "nobody-stands":
        yield from _nobody_stands(audit, issue, put)
    elif put.why == "shortened":
        yield from _when_it_came(audit, issue, put)
    else:
        yield _found.breach(at, issue.id, f"The clock puts no question because of {put.why}.")


def _after_petition(audit: Audit, issue: Issue, put: Put, petition: Petition) -> Iterator[Finding]:
    at, reached = issue.raised.position, petition.reached
    if reached is None or reached.position > at:
        yield _found.breach(at, issue.id, f"{issue.id} was put although {petition.id} had not its number.")
        return
    if reached.at != issue.raised.at:
        yield _found.breach(at, issue.id, f"{issue.id} was not put as soon as {petition.id} had its number.")
    if issue.unit != audit.state.root:
        yield _found.breach(
            at, issue.id, f"{issue.id} is a question to all members and was put to {issue.unit}."
        )
    if audit.state.drafts[put.draft].effects:
        yield _found.breach(at, issue.id, f"{issue.id} would change more than {petition.id} says.")
    for asked, said in ((petition.title, put.title), (petition.text, put.text)):
        signed, shown = audit.contents.value(asked), audit.contents.value(said)
        if signed is not None and shown is not None and signed != shown:
            yield _found.breach(
                at, issue.id, f"{issue.id} has other words than members signed in {petition.id}."
            )
    yield from _weight(audit, issue, big=False)


def _weight(audit: Audit, issue: Issue, *, big: bool) -> Iterator[Finding]:
    """What the clock asks takes as long as it must, and no longer."""
    plain = "ordinary" if issue.unit == audit.state.root else "unit"
    if issue.born_weight != ("big" if big else plain):
        yield _found.breach(
            issue.raised.position, issue.id, f"{issue.id} was put with the times of another kind of matter."
        )


def _words(audit: Audit, issue: Issue, put: Put, *right: Asked) -> Iterator[Finding]:
    """It asks in the words that it always has."""
    title, text = (audit.contents.value(one) for one in (put.title, put.text))
    if title is None or text is None:
        return  # not here to be read: content_opens says so where they must be
    if Asked(title.decode("utf-8", "replace"), text.decode("utf-8", "replace")) not in right:
        yield _found.breach(
            issue.raised.position, issue.id, f"{issue.id} asks in words that somebody chose for it."
        )


def _nobody_stands(audit: Audit, issue: Issue, put: Put) -> Iterator[Finding]:
    at, post = issue.raised.position, audit.state.posts.get(put.subject)
    if post is None or post.unit != issue.unit:
        yield _found.breach(
            at, issue.id, f"{issue.id} asks {issue.unit} about {put.subject}, no post of theirs."
        )
        return
    rounds = [
        (election.emptied.at, empty_rounds(audit, election))
        for election in audit.state.elections_of_post.get(post.id, ())
        if election.emptied is not None and election.emptied.position < at
    ]
    most = audit.limits_at(at)["N.rounds"]
    nobody = max(rounds, default=(issue.raised.at, 0))[1]  # seats of one post may be put up apart
    if nobody < most:
        yield _found.breach(
            at, issue.id, f"{issue.id} asks whether to drop {post.id}, for which nobody stood in "
            f"{nobody} rounds; {most} are needed.",
        )  # fmt: skip
    draft = audit.state.drafts[put.draft]
    declared = draft.effects_of(1)
    shown = json_value(audit.contents.value(declared.effects)) if declared else None
    dropped = [{"effect": "end_post", "post": post.id}]
    if declared is None or declared.what != ("end_post",) or shown not in (None, dropped):
        yield _found.breach(at, issue.id, f"The first draft of {issue.id} does not just end {post.id}.")
    form = post.form_at(at)
    yield from _weight(audit, issue, big=bool(form.leading or form.pay))
    title = audit.contents.value(form.title)
    if title is not None:
        named = title.decode("utf-8", "replace")
        yield from _words(audit, issue, put, *(nobody_stands(named, number) for _, number in rounds))


def _when_it_came(audit: Audit, issue: Issue, put: Put) -> Iterator[Finding]:
    """After an issue that members shortened has ended, with the facts of it."""
    at, about = issue.raised.position, audit.state.issues.get(put.subject)
    if about is None or about.shortened is None or about.ended is None or about.ended.position > at:
        yield _found.breach(at, issue.id, f"{issue.id} asks about {put.subject}, which nobody shortened.")
        return
    home = audit.state.where(about.unit, at)
    if audit.state.questions[put.subject][0].id != issue.id or home != issue.unit:
        yield _found.breach(at, issue.id, f"{issue.id} asks about {about.id} a second time, or elsewhere.")
    if issue.raised.at - about.ended.at > GRACE:
        yield _found.breach(at, issue.id, f"{issue.id} was put long after {about.id} had ended.")
    if audit.state.drafts[put.draft].effects:
        yield _found.breach(at, issue.id, f"{issue.id} would change something.")
    yield from _weight(audit, issue, big=False)
    proposal = audit.state.shortenings[about.shortened.shortening]
    letter = audit.state.letters.get(proposal.letter)
    if letter is None:
        return
    right = when_it_came(
        about.number, received=letter.received_at, posted=letter.posted.at, before=proposal.before,
        shortened=about.shortened.mark.at, would_end=about.shortened.would_end,
        supporters=about.shortened.supporters, needed=about.shortened.needed,
    )  # fmt: skip
    yield from _words(audit, issue, put, right)


def _reviewed(audit: Audit) -> Iterator[Finding]:
    """Every issue that was shortened is looked at when it has ended."""
    for issue in audit.state.issues.values():
        ended = issue.ended
        if issue.shortened is None or ended is None or audit.last_at - ended.at <= GRACE:
            continue
        if not any(one.put and one.put.why == "shortened" for one in audit.state.questions.get(issue.id, [])):
            yield _found.breach(
                ended.position, issue.id, f"{issue.id} was shortened, and nobody asked when the letter came."
            )


def _dropped(audit: Audit) -> Iterator[Finding]:
    """After so many empty rounds the question is put, with the last of them; unless it is on its way."""
    for election in audit.state.elections.values():
        emptied = election.emptied
        if emptied is None or audit.last_at - emptied.at <= GRACE:
            continue
        most, post = audit.limits_at(emptied.position)["N.rounds"], audit.state.posts[election.post]
        if empty_rounds(audit, election) != most or post.ended_at(emptied.position):
            continue
        put = [
            one for one in audit.state.questions.get(post.id, [])
            if one.raised.at >= emptied.at or one.ended is None or one.ended.position > emptied.position
        ]  # fmt: skip
        if not put:
            yield _found.breach(
                emptied.position, post.id,
                f"Nobody stood for {post.id} in {most} rounds, and the members were not asked about it.",
            )  # fmt: skip
