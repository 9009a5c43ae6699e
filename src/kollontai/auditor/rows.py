# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the server's rows must say, list by list, if the record is the witness of all that was done.

Each list knows how to find the derived row for a claimed one, and all rows there must be. A derived
field may leave a choice (`Either`) where the record does not settle how a row is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from kollontai.auditor.amendments import Amendment
from kollontai.auditor.audit import Audit
from kollontai.auditor.things import Claim, Contribution, Draft, Form, Issue, Mark, Person, Poll
from kollontai.openrecord import facts
from kollontai.openrecord.times import write_time


class Either(tuple[Any, ...]):
    """Any one of these values."""

    __slots__ = ()


class Derived(NamedTuple):
    """A row as the record has it: which entry made it, and its fields."""

    position: int
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """One list of the claim."""

    key: tuple[str, ...]
    find: Callable[[Audit, Mapping[str, Any]], Derived | None]
    every: Callable[[Audit], Iterator[tuple[int, str]]]
    """Where each row comes from, and what it is about."""


TABLES: dict[str, Table] = {}


_spelt = lru_cache(1 << 16)(write_time)


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else _spelt(moment)


def _at(mark: Mark | None) -> str | None:
    return None if mark is None else _time(mark.at)


def _table(
    name: str,
    key: tuple[str, ...],
    find: Callable[[Audit, Mapping[str, Any]], Derived | None],
    every: Callable[[Audit], Iterator[tuple[int, str]]],
) -> None:
    TABLES[name] = Table(key, find, every)


# --- units and people ---


def _unit(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    unit = audit.state.units.get(row["unit"])
    if unit is None:
        return None
    merged = unit.merged
    fields = {
        "unit": unit.id,
        "parent": unit.parent,
        "merged_into": merged.into if merged else None,
        "merged_at": _at(merged.mark) if merged else None,
    }
    return Derived(unit.made.position, fields)


_table("units", ("unit",), _unit, lambda audit: ((u.made.position, u.id) for u in audit.state.units.values()))


def _standing(person: Person) -> str:
    if person.belongs:
        return "member"
    if person.waiting:
        return "applicant"
    if person.declined is not None:
        return "declined"
    back = person.invited and person.departures and person.invited.position > person.departures[-1].position
    return "left" if person.departures and not back else "invited"


def _begun(person: Person) -> int:
    marks = [mark for mark in (person.invited, *(one.mark for one in person.applications[:1])) if mark]
    return min((mark.position for mark in marks), default=0)


def _member(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    person = audit.state.people.get(row["member"])
    if person is None:
        return None
    founding, standing = audit.state.founding, _standing(person)
    anew = standing in ("applicant", "declined")  # nothing of an earlier time counts for who asks again
    fields = {
        "member": person.id,
        "unit": audit.state.where(
            person.admissions[-1].unit if person.belongs else person.unit, audit.state.size
        ),
        "standing": standing,
        "ground": "application" if person.asked_by_self else person.invited_ground,
        "joined_at": None if anew else _at(person.admission.mark if person.admission else None),
        "left_at": None if anew else _at(person.left),
        "signed": founding is not None and person.id in founding.signed,
        "contact": person.contact_erased is None,  # whoever came in could be reached here
    }
    return Derived(_begun(person), fields)


_table(
    "members", ("member",), _member, lambda audit: ((_begun(p), p.id) for p in audit.state.people.values())
)


def _voucher(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    person = audit.state.people.get(row["applicant"])
    for mark in person.vouchers if person else ():
        if mark.actor == row["by"] and _at(mark) == row["at"]:
            return Derived(mark.position, {"applicant": row["applicant"], "by": mark.actor, "at": _at(mark)})
    return None


_table(
    "vouchers", ("applicant", "by", "at"), _voucher,
    lambda audit: ((m.position, p.id) for p in audit.state.people.values() for m in p.vouchers),
)  # fmt: skip


def _letter_voucher(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    person = audit.state.people.get(row["member"])
    for one in person.letter_vouchers if person else ():
        if one.mark.actor == row["by"] and _at(one.mark) == row["at"]:
            fields = {
                "member": row["member"],
                "by": one.mark.actor,
                "at": _at(one.mark),
                "second": one.second,
            }
            return Derived(one.mark.position, fields)
    return None


_table(
    "letter_vouchers", ("member", "by", "at"), _letter_voucher,
    lambda audit: (
        (one.mark.position, p.id) for p in audit.state.people.values() for one in p.letter_vouchers
    ),
)  # fmt: skip


def _invitation(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    person = audit.state.people.get(row["member"])
    mark = person.invited if person else None
    if person is None or mark is None:
        return None
    return Derived(mark.position, {"member": person.id, "by": mark.actor, "at": _at(mark)})


_table(
    "invitations", ("member",), _invitation,
    lambda audit: ((p.invited.position, p.id) for p in audit.state.people.values() if p.invited),
)  # fmt: skip


def _wait(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    """How long somebody who asked to join still waits, and for how many vouchers."""
    person = audit.state.people.get(row["member"])
    asked = person.application if person and person.waiting else None
    if person is None or asked is None:
        return None
    fields = {
        "member": person.id,
        "asked_at": _at(asked.mark),
        "admitted_at": _time(asked.admitted_at),
        "vouchers_needed": asked.vouchers_needed,
    }
    return Derived(asked.mark.position, fields)


_table(
    "waiting", ("member",), _wait,
    lambda audit: (
        (p.application.mark.position, p.id)
        for p in audit.state.people.values() if p.waiting and p.application
    ),
)  # fmt: skip


def _contact_change(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    person = audit.state.people.get(row["member"])
    asked = person.contact_asked if person else None
    if person is None or asked is None:
        return None
    return Derived(asked[0].position, {"member": person.id, "effective_at": _time(asked[1])})


_table(
    "contact_changes", ("member",), _contact_change,
    lambda audit: (
        (p.contact_asked[0].position, p.id) for p in audit.state.people.values() if p.contact_asked
    ),
)  # fmt: skip


def _beginning(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    thing = audit.state.units.get(row["thing"]) or audit.state.posts.get(row["thing"])
    return None if thing is None else Derived(thing.made.position, {"thing": thing.id, "at": _at(thing.made)})


_table(
    "begun", ("thing",), _beginning,
    lambda audit: (
        (thing.made.position, thing.id)
        for things in (audit.state.units, audit.state.posts) for thing in things.values()
    ),
)  # fmt: skip


# --- posts ---


def _post(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    post = audit.state.posts.get(row["post"])
    if post is None:
        return None
    form = post.form
    fields = {
        "post": post.id,
        "unit": post.unit,
        "leading": form.leading,
        "seats": form.seats,
        "term_days": form.term_days,
        "duty": form.duty,
        "pay": form.pay,
        "box": form.box,
        "ended_at": _at(post.ended),
    }
    return Derived(post.made.position, fields)


_table("posts", ("post",), _post, lambda audit: ((p.made.position, p.id) for p in audit.state.posts.values()))


def _claim(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    for claim in audit.state.claims:
        if (claim.post, claim.member) == (row["post"], row["member"]):
            fields = {
                "post": claim.post,
                "member": claim.member,
                "elected_at": _time(claim.elected_at),
                "old_end": _time(claim.old_end),
                "poll": claim.poll or _open_confirmations(audit, claim),
                "outcome": claim.outcome,
            }
            return Derived(claim.made.position, fields)
    return None


def _open_confirmations(audit: Audit, claim: Claim) -> Either:
    settled = {other.poll for other in audit.state.claims}
    waiting = [
        poll.id
        for poll in audit.state.polls.values()
        if poll.about == "confirmation" and poll.subject == claim.post and poll.id not in settled
    ]
    return Either(waiting or [""])


_table(
    "claims",
    ("post", "member"),
    _claim,
    lambda audit: ((c.made.position, c.post) for c in audit.state.claims),
)


def _held(form: Form) -> dict[str, Any]:
    """What a post is for whoever holds it, or is elected to it."""
    return {"leading": form.leading, "pay": form.pay, "duty": form.duty}


def _term(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    term = audit.state.terms.get(row["term"])
    return (
        None
        if term is None
        else Derived(
            term.begun.position,
            {
                "term": term.id,
                "post": term.post,
                "member": term.member,
                "poll": term.poll,
                "how": term.how,
                **_held(audit.state.held_as(term)),
                "begins_at": _at(term.begun),
                "ends_at": _time(term.ends_at),
                "ended_at": _at(term.ended),
                "ended_why": term.ended_why,
            },
        )
    )


_table(
    "terms", ("term",), _term, lambda audit: ((t.begun.position, t.id) for t in audit.state.terms.values())
)


# --- elections ---


def _election(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    one = audit.state.elections.get(row["election"])
    if one is None:
        return None
    fields = {
        "election": one.id,
        "post": one.post,
        "why": one.why,
        "fills": list(one.fills),
        "seats": one.seats,
        "round": one.round,
        "half": one.half,
        "state": one.state,
        "opened_at": _at(one.opened),
        "closes_at": _time(one.closes_at),
        "members_since": _time(one.members_since),
        "begins_at": _time(one.begins_at),
        "ends_at": _time(one.ends_at),
        "after": one.after,
        "poll": one.polls[-1] if one.polls else "",
        "limits": dict(one.limits),
        **_held(audit.state.posts[one.post].form_at(one.opened.position)),
        "elected": list(one.elected),
        "reopened": one.reopened,
        "unfilled": one.unfilled,
    }
    return Derived(one.opened.position, fields)


_table(
    "elections", ("election",), _election,
    lambda audit: ((e.opened.position, e.id) for e in audit.state.elections.values()),
)  # fmt: skip


def _nomination(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    election = audit.state.elections.get(row["election"])
    one = election.candidacies.get(row["member"]) if election else None
    if one is None:
        return None
    fields = {
        "election": row["election"],
        "member": one.member,
        "at": _at(one.made),
        "by": one.made.actor,
        "state": one.state,
        "half": one.half,
        "version": one.versions[-1].number if one.versions else 0,
        "answered_at": Either((_at(one.withdrawn), _at(one.accepted)))
        if one.withdrawn
        else _at(one.answered),
    }
    return Derived(one.made.position, fields)


_table(
    "nominations", ("election", "member"), _nomination,
    lambda audit: (
        (c.made.position, f"{e.id}/{c.member}")
        for e in audit.state.elections.values() for c in e.candidacies.values()
    ),
)  # fmt: skip


def _candidate_words(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    election = audit.state.elections.get(row["election"])
    one = election.candidacies.get(row["member"]) if election else None
    for version in one.versions if one else ():
        if version.number == row["version"]:
            fields = {key: row[key] for key in ("election", "member", "version")}
            return Derived(version.mark.position, {**fields, "at": _at(version.mark)})
    return None


_table(
    "candidate_words", ("election", "member", "version"), _candidate_words,
    lambda audit: (
        (version.mark.position, f"{e.id}/{c.member}")
        for e in audit.state.elections.values() for c in e.candidacies.values() for version in c.versions
    ),
)  # fmt: skip


def _offer(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    for one in audit.state.offers.get(row["term"], ()):
        if one.member == row["member"]:
            fields = {
                "term": one.term,
                "member": one.member,
                "poll": one.poll,
                "until": _time(one.until),
                "ends_at": _time(one.ends_at),
                "state": one.state,
                "offered_at": _at(one.mark),
            }
            return Derived(one.mark.position, fields)
    return None


_table(
    "offers", ("term", "member"), _offer,
    lambda audit: (
        (o.mark.position, f"{o.term}/{o.member}") for offers in audit.state.offers.values() for o in offers
    ),
)  # fmt: skip


# --- petitions ---


def _petition(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    one = audit.state.petitions.get(row["petition"])
    if one is None:
        return None
    ended = _at(one.ended)
    fields = {
        "petition": one.id,
        "about": one.about,
        "subject": one.subject,
        "unit": one.unit,
        "base": one.base,
        "needed": one.needed,
        "units_needed": one.units_needed,
        "limits": dict(one.limits),
        "opened_at": _at(one.opened),
        "closes_at": _time(one.closes_at),
        "state": one.state,
        "ended_at": Either((ended, _at(one.decided.mark))) if one.decided else ended,
        "poll": one.polls[-1] if one.polls else "",
        "outcome": one.decided.outcome if one.decided else "",
        "links_destroyed": one.links_gone is not None,
    }
    return Derived(one.opened.position, fields)


_table(
    "petitions", ("petition",), _petition,
    lambda audit: ((p.opened.position, p.id) for p in audit.state.petitions.values()),
)  # fmt: skip


def _signature(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    petition = audit.state.petitions.get(row["petition"])
    one = petition.signatures.get(row["alias"]) if petition else None
    if petition is None or one is None:
        return None
    fields = {
        "petition": petition.id,
        "alias": one.alias,
        "unit": one.unit,
        "at": _at(one.mark),
        "withdrawn_at": _at(one.withdrawn),
    }
    return Derived(one.mark.position, fields)


_table(
    "signatures", ("petition", "alias"), _signature,
    lambda audit: (
        (s.mark.position, f"{p.id}/{s.alias}")
        for p in audit.state.petitions.values() for s in p.signatures.values()
    ),
)  # fmt: skip


def _sample(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    petition = audit.state.petitions.get(row["petition"])
    for one in petition.samples if petition else ():
        if one.member == row["scrutineer"] and petition is not None:
            signed, denied, silent = one.answers
            fields = {
                "petition": petition.id,
                "scrutineer": one.member,
                "aliases": list(one.aliases),
                "at": _at(one.mark),
                "reported_at": _at(one.reported),
                "signed": signed,
                "denied": denied,
                "silent": silent,
            }
            return Derived(one.mark.position, fields)
    return None


_table(
    "samples", ("petition", "scrutineer"), _sample,
    lambda audit: (
        (one.mark.position, f"{p.id}/{one.member}")
        for p in audit.state.petitions.values() for one in p.samples
    ),
)  # fmt: skip


def _tie(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    """Until the ties are destroyed each alias has one, in a row that does not say here to whom."""
    petition = audit.state.petitions.get(row["petition"])
    one = petition.signatures.get(row["alias"]) if petition and petition.links_gone is None else None
    if petition is None or one is None:
        return None
    return Derived(one.mark.position, {"petition": petition.id, "alias": one.alias})


_table(
    "ties", ("petition", "alias"), _tie,
    lambda audit: (
        (s.mark.position, f"{p.id}/{s.alias}")
        for p in audit.state.petitions.values() if p.links_gone is None for s in p.signatures.values()
    ),
)  # fmt: skip


# --- the charter ---


def _charter(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    founding, version = audit.state.founding, row["version"]
    if founding is None:
        return None
    if version == 1:
        nothing = {"value": None, "of": None, "was": None, "was_of": None}
        words = dict.fromkeys(("key", "joining", "issue", "draft"), "")
        fields = {"version": 1, "what": "founded", **words, **nothing, "since": _at(founding.opened)}
        return Derived(founding.opened.position, fields)
    change = next((one for one in audit.state.changes if one.version == version), None)
    if change is None:
        return None
    before = audit.charter_at(change.mark.position)
    over = audit.articles.over.get(change.key, "")
    fields = {
        "version": version,
        "what": change.what,
        "key": change.key,
        "value": change.value,
        "of": change.of,
        "was": before.get(change.key) if change.key else None,
        "was_of": before.get(over) if change.of is not None else None,
        "joining": change.joining,
        "issue": change.issue,
        "draft": change.draft,
        "since": _at(change.mark),
    }
    return Derived(change.mark.position, fields)


def _charters(audit: Audit) -> Iterator[tuple[int, str]]:
    if audit.state.founding is not None:
        yield audit.state.founding.opened.position, "charter"
    for change in audit.state.changes:
        yield change.mark.position, "charter"


_table("charters", ("version",), _charter, _charters)


def _dues(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    for one in audit.state.dues:
        if one.number == row["number"]:
            fields = {"number": one.number, "amount": one.amount, "issue": one.issue, "draft": one.draft}
            return Derived(one.mark.position, {**fields, "since": _at(one.mark)})
    return None


def _merge_yes(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    for one in audit.state.merge_yeses:
        if one.issue == row["issue"]:
            both = {one.merged, one.into}
            over = next(
                (
                    merger.mark
                    for merger in audit.state.mergers
                    if merger.mark.position > one.mark.position and both & {merger.unit, merger.into}
                ),
                None,
            )
            fields = {
                "unit": one.unit,
                "merged": one.merged,
                "into": one.into,
                "issue": one.issue,
                "draft": one.draft,
                "at": _at(one.mark),
                "until": _time(one.until),
                "over_at": _at(over),
            }
            return Derived(one.mark.position, fields)
    return None


_table(
    "merge_yeses", ("issue",), _merge_yes,
    lambda audit: ((one.mark.position, one.issue) for one in audit.state.merge_yeses),
)  # fmt: skip


def _law_note(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    note = audit.state.law_notes.get(row["note"])
    if note is None:
        return None
    fields = {
        "note": note.id,
        "article": note.article,
        "touches": note.touches,
        "issue": note.issue,
        "draft": note.draft,
        "since": _at(note.voted),
        "until": _time(note.until),
        "lapsed_at": _at(note.lapsed),
    }
    return Derived(note.voted.position, fields)


_table(
    "law_notes", ("note",), _law_note,
    lambda audit: ((one.voted.position, one.id) for one in audit.state.law_notes.values()),
)  # fmt: skip


def _quiet(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    for one in audit.state.quiet_days:
        if one.number == row["number"]:
            fields = {
                "number": one.number, "year": one.year, "days": list(one.days), "issue": one.issue,
                "draft": one.draft, "since": _at(one.mark),
            }  # fmt: skip
            return Derived(one.mark.position, fields)
    return None


def _voting_day(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    for one in audit.state.voting_days:
        if one.number == row["number"]:
            fields = {
                "number": one.number, "day": one.day, "issue": one.issue, "draft": one.draft,
                "since": _at(one.mark),
            }  # fmt: skip
            return Derived(one.mark.position, fields)
    return None


_table(
    "quiet_days", ("number",), _quiet,
    lambda audit: ((one.mark.position, "quiet days") for one in audit.state.quiet_days),
)  # fmt: skip
_table(
    "voting_days", ("number",), _voting_day,
    lambda audit: ((one.mark.position, "voting day") for one in audit.state.voting_days),
)  # fmt: skip


def _shortening(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    one = audit.state.shortenings.get(row["shortening"])
    if one is None:
        return None
    done = audit.state.issues[one.issue].shortened
    made = done if done is not None and done.shortening == one.id else None
    fields = {
        "shortening": one.id,
        "issue": one.issue,
        "letter": one.letter,
        "proposed_by": one.proposed.actor,
        "before": _time(one.before),
        "at": _at(one.proposed),
        "shortened_at": _at(made.mark if made else None),
        "supported": made.supporters if made else None,
        "needed": made.needed if made else None,
        "would_end": _time(made.would_end if made else None),
    }
    return Derived(one.proposed.position, fields)


def _shortening_supporter(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    one = audit.state.shortenings.get(row["shortening"])
    mark = one.backing.get(row["member"]) if one else None
    if one is None or mark is None:
        return None
    return Derived(mark.position, {"shortening": one.id, "member": row["member"], "at": _at(mark)})


_table(
    "shortenings", ("shortening",), _shortening,
    lambda audit: ((one.proposed.position, one.id) for one in audit.state.shortenings.values()),
)  # fmt: skip
_table(
    "shortening_supporters", ("shortening", "member"), _shortening_supporter,
    lambda audit: (
        (mark.position, one.id) for one in audit.state.shortenings.values() for mark in one.backing.values()
    ),
)  # fmt: skip


def _again(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    draft = audit.state.drafts.get(row["draft"])
    said = draft.again_of(row["version"]) if draft else None
    if draft is None or said is None:
        return None
    fields = {
        "draft": draft.id,
        "version": said.version,
        "issue": draft.issue,
        "earlier": said.earlier,
        "needed": said.needed,
        "at": _at(said.mark),
    }
    return Derived(said.mark.position, fields)


_table(
    "questions_again", ("draft", "version"), _again,
    lambda audit: ((one.mark.position, d.id) for d in audit.state.drafts.values() for one in d.again),
)  # fmt: skip
_table("dues", ("number",), _dues, lambda audit: ((one.mark.position, "dues") for one in audit.state.dues))


# --- issues ---


def _issue(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    issue = audit.state.issues.get(row["issue"])
    if issue is None:
        return None
    reply = issue.stage("reply")
    closes = _time(reply.drafts_close_at) if reply else None
    fields: dict[str, Any] = {
        "issue": issue.id,
        "number": issue.number,
        "unit": audit.state.where(issue.unit, issue.ended.position if issue.ended else audit.state.size),
        "raised_by": _nobody_or(issue.raised.actor),
        "by_leader": issue.by_leader,
        "for_body": issue.raised_for[1] if issue.raised_for else None,
        "weight": issue.weight,
        "limits": dict(issue.limits),
        "needed": issue.needed if issue.put is None else Either((0, audit.needed(issue))),
        "raised_at": _at(issue.raised),
        "drafts_close_at": closes,
        "poll": issue.polls[0] if issue.polls else "",
        "outcome": "lapsed" if issue.lapsed else issue.outcome,
        "ended_at": _at(issue.ended),
        "made_big_at": _at(issue.made_big.mark if issue.made_big else None),
        "made_big_why": issue.made_big.why if issue.made_big else "",
        "all_led": _all_led(audit, issue),
        "shortened_at": _at(issue.shortened.mark if issue.shortened else None),
    }
    return Derived(issue.raised.position, fields | _where(issue))


def _all_led(audit: Audit, issue: Issue) -> Any:
    """Whether nobody was to be silent, as judged at its raising; where no merger touched its unit, a row that
    is older than this column may say nothing."""
    for merger in audit.state.mergers:
        at = merger.mark.position
        alive = issue.raised.position < at and (issue.ended is None or issue.ended.position > at)
        if alive and audit.state.where(issue.unit, at) in (merger.unit, merger.into):
            return audit.leadership.silences_nobody(issue)
    return Either((None, audit.leadership.silences_nobody(issue)))


def _nobody_or(actor: str) -> Any:
    """Who did it; where the clock did, a row may say so or name nobody."""
    return Either(("", actor)) if actor == "clock" else actor


def _where(issue: Issue) -> dict[str, Any]:
    """The stage an issue stands in, and since when."""
    last = issue.stages[-1] if issue.stages else None
    if issue.ended is not None:
        name = "lapsed" if issue.lapsed else "decided"
        return {"stage": name, "stage_began_at": _at(issue.ended), "stage_ends_at": None}
    if last is None:
        return {
            "stage": "gathering",
            "stage_began_at": _at(issue.raised),
            "stage_ends_at": _time(issue.lapses_at),
        }
    return {"stage": last.name, "stage_began_at": _at(last.mark), "stage_ends_at": _time(last.ends_at)}


_table(
    "issues",
    ("issue",),
    _issue,
    lambda audit: ((i.raised.position, i.id) for i in audit.state.issues.values()),
)


def _stage(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    issue = audit.state.issues.get(row["issue"])
    if issue is None:
        return None
    for stage in issue.stages_that_stand():
        if stage.name == row["stage"]:
            fields = {
                "issue": issue.id,
                "stage": stage.name,
                "began_at": _at(stage.mark),
                "ends_at": _time(stage.ends_at),
            }
            return Derived(stage.mark.position, fields)
    return None


_table(
    "stages", ("issue", "stage"), _stage,
    lambda audit: (
        (s.mark.position, i.id) for i in audit.state.issues.values() for s in i.stages_that_stand()
    ),
)  # fmt: skip


def _big_call(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    issue = audit.state.issues.get(row["issue"])
    mark = issue.big_calls.get(row["member"]) if issue else None
    if mark is None:
        return None
    return Derived(mark.position, {"issue": row["issue"], "member": row["member"], "at": _at(mark)})


_table(
    "big_calls", ("issue", "member"), _big_call,
    lambda audit: (
        (mark.position, i.id) for i in audit.state.issues.values() for mark in i.big_calls.values()
    ),
)  # fmt: skip


def _supporter(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    issue = audit.state.issues.get(row["issue"])
    backing = issue.backing.get(row["member"]) if issue else None
    return (
        None
        if backing is None
        else Derived(
            backing.mark.position,
            {
                "issue": row["issue"],
                "member": row["member"],
                "at": _at(backing.mark),
                "withdrawn_at": _at(backing.withdrawn),
                "write_in": backing.write_in,
            },
        )
    )


_table(
    "supporters", ("issue", "member"), _supporter,
    lambda audit: ((b.mark.position, i.id) for i in audit.state.issues.values() for b in i.backing.values()),
)  # fmt: skip


def _letter_of(number: int) -> str:
    name = ""
    while number >= 0:
        name = chr(ord("A") + number % 26) + name
        number = number // 26 - 1
    return name


def _draft(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    draft = audit.state.drafts.get(row["draft"])
    if draft is None:
        return None
    issue = audit.state.issues[draft.issue]
    return Derived(
        draft.put.position,
        {
            "draft": draft.id,
            "issue": draft.issue,
            "letter": _letter_of(issue.drafts.index(draft.id)),
            "mover": _nobody_or(draft.mover),
            "first": draft.first,
            "version": draft.versions[-1].number,
            "put_at": _at(draft.put),
            "withdrawn_at": _at(draft.withdrawn),
        },
    )


_table(
    "drafts", ("draft",), _draft, lambda audit: ((d.put.position, d.id) for d in audit.state.drafts.values())
)


def _draft_supporter(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    draft = audit.state.drafts.get(row["draft"])
    mark = draft.backing.get(row["member"]) if draft else None
    if draft is not None and mark is None and draft.mover == row["member"] and _stands_behind(audit, draft):
        mark = draft.put
    if draft is None or mark is None:
        return None
    fields = {
        "draft": draft.id,
        "member": row["member"],
        "at": _at(mark),
        "write_in": _by_write_in(audit, row, draft.id),
    }
    return Derived(mark.position, fields)


def _by_write_in(audit: Audit, row: Mapping[str, Any], of: str) -> str:
    return audit.state.by_write_in.get((of, row["member"]), "")


def _stands_behind(audit: Audit, draft: Draft) -> bool:
    """Whoever moves a draft is its first supporter, unless they lead on the issue."""
    issue = audit.state.issues[draft.issue]
    nobodys = issue.put is not None and issue.put.draft == draft.id
    return not nobodys and draft.mover not in draft.backing and not audit.leads(draft.mover, issue, draft.put)


def _draft_supporters(audit: Audit) -> Iterator[tuple[int, str]]:
    for draft in audit.state.drafts.values():
        if _stands_behind(audit, draft):
            yield draft.put.position, draft.id
        for mark in draft.backing.values():
            yield mark.position, draft.id


_table("draft_supporters", ("draft", "member"), _draft_supporter, _draft_supporters)


def _fact_cover(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    said = audit.state.contributions.get(row["contribution"])
    mark = said.covers.get(row["member"]) if said else None
    if mark is None:
        return None
    return Derived(
        mark.position, {"member": row["member"], "contribution": row["contribution"], "at": _at(mark)}
    )


_table(
    "fact_covers",
    ("contribution", "member"),
    _fact_cover,
    lambda audit: (
        (mark.position, said.id) for said in audit.state.covered.values() for mark in said.covers.values()
    ),
)


def _amendment(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    one = audit.state.amendments.get(row["amendment"])
    if one is None:
        return None
    fields = {
        "amendment": one.id,
        "issue": one.issue,
        "draft": one.draft,
        "parent": one.parent,
        "number": one.number,
        "mover": one.mover,
        "operation": one.operation,
        "version": one.version,
        "first": one.first,
        "last": one.last,
        "newest": one.versions[-1].number,
        "moved_at": _at(one.moved),
        "withdrawn_at": _at(one.taken_back),
        "accepted_at": _at(one.accepted),
        "accepted_as": one.accepted_as,
    }
    return Derived(one.moved.position, fields)


_table(
    "amendments", ("amendment",), _amendment,
    lambda audit: ((one.moved.position, one.id) for one in audit.state.amendments.values()),
)  # fmt: skip


def _amendment_supporter(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    one = audit.state.amendments.get(row["amendment"])
    mark = one.backing.get(row["member"]) if one else None
    if one is not None and mark is None and one.mover == row["member"] and _moved_as_member(audit, one):
        mark = one.moved
    if one is None or mark is None:
        return None
    fields = {
        "amendment": one.id, "member": row["member"], "at": _at(mark),
        "write_in": _by_write_in(audit, row, one.id),
    }  # fmt: skip
    return Derived(mark.position, fields)


def _moved_as_member(audit: Audit, one: Amendment) -> bool:
    """Whoever moves an amendment is its first supporter, unless they lead on the issue."""
    return one.mover not in one.backing and not audit.leads(
        one.mover, audit.state.issues[one.issue], one.moved
    )


def _amendment_supporters(audit: Audit) -> Iterator[tuple[int, str]]:
    for one in audit.state.amendments.values():
        if _moved_as_member(audit, one):
            yield one.moved.position, one.id
        for mark in one.backing.values():
            yield mark.position, one.id


_table("amendment_supporters", ("amendment", "member"), _amendment_supporter, _amendment_supporters)


def _combination(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    one = audit.state.combinations.get(row["combination"])
    if one is None:
        return None
    fields = {
        "combination": one.id,
        "issue": one.issue,
        "draft": one.draft,
        "amendments": list(one.amendments),
        "proposed_by": one.proposed.actor,
        "proposed_at": _at(one.proposed),
        "combined_at": _at(one.combined),
    }
    return Derived(one.proposed.position, fields)


_table(
    "combinations", ("combination",), _combination,
    lambda audit: ((one.proposed.position, one.id) for one in audit.state.combinations.values()),
)  # fmt: skip


def _combination_yes(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    one = audit.state.combinations.get(row["combination"])
    mark = one.agreed.get(row["member"]) if one else None
    if one is None or mark is None:
        return None
    return Derived(mark.position, {"combination": one.id, "member": row["member"], "at": _at(mark)})


_table(
    "combination_yes", ("combination", "member"), _combination_yes,
    lambda audit: (
        (mark.position, one.id) for one in audit.state.combinations.values() for mark in one.agreed.values()
    ),
)  # fmt: skip


def _alternative(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    one = audit.state.alternatives.get(row["alternative"])
    if one is None:
        return None
    fields = {
        "alternative": one.id,
        "issue": one.issue,
        "draft": one.draft,
        "version": one.version,
        "amendments": list(one.amendments),
        "at": _at(one.written),
    }
    return Derived(one.written.position, fields)


_table(
    "alternatives", ("alternative",), _alternative,
    lambda audit: ((one.written.position, one.id) for one in audit.state.alternatives.values()),
)  # fmt: skip


def _effects(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    draft = audit.state.drafts.get(row["draft"])
    one = draft.effects_of(row["version"]) if draft else None
    if draft is None or one is None:
        return None
    return Derived(one.mark.position, {"draft": draft.id, "version": one.version, "what": list(one.what)})


_table(
    "effects", ("draft", "version"), _effects,
    lambda audit: (
        (one.mark.position, draft.id) for draft in audit.state.drafts.values() for one in draft.effects
    ),
)  # fmt: skip


# --- written in ---


def _naming(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    one = audit.state.namings.get(row["naming"])
    if one is None:
        return None
    fields = {
        "naming": one.id,
        "member": one.member,
        "writer": one.writer,
        "at": _at(one.named),
        "ended_at": _at(one.ended),
    }
    return Derived(one.named.position, fields)


_table(
    "namings", ("naming",), _naming,
    lambda audit: ((one.named.position, one.id) for one in audit.state.namings.values()),
)  # fmt: skip


def _write_in(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    one = audit.state.write_ins.get(row["write_in"])
    if one is None:
        return None
    fields = {
        "write_in": one.id,
        "member": one.member,
        "writer": one.mark.actor,
        "issue": one.issue,
        "to": one.to,
        "of": one.of,
        "at": _at(one.mark),
        "undone_at": _at(one.undone),
        "undone_how": one.how,
    }
    return Derived(one.mark.position, fields)


_table(
    "write_ins", ("write_in",), _write_in,
    lambda audit: ((one.mark.position, one.id) for one in audit.state.write_ins.values()),
)  # fmt: skip


# --- words ---


def _contribution(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    one = audit.state.contributions.get(row["contribution"])
    return (
        None
        if one is None
        else Derived(
            one.made.position,
            {
                "contribution": one.id,
                "issue": one.issue,
                "author": one.author,
                "form": one.form,
                "stage": one.stage,
                "stance": one.stance,
                "answers": one.answers or "",
                "version": one.versions[-1].number,
                "at": _at(one.made),
                "written_by": one.written_by,
                "disowned_at": _at(one.disowned),
            },
        )
    )


_table(
    "contributions", ("contribution",), _contribution,
    lambda audit: ((c.made.position, c.id) for c in audit.state.contributions.values()),
)  # fmt: skip


def _attachment(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    one = audit.state.attachments.get(row["attachment"])
    if one is None:
        return None
    fields = {
        "attachment": one.id,
        "issue": one.issue,
        **{to: one.of if one.host == to else "" for to in ("contribution", "letter", "draft", "amendment")},
        "version": one.version,
        "author": one.made.actor,
        "form": one.form,
        "size": one.size,
        "at": _at(one.made),
    }
    return Derived(one.made.position, fields)


_table(
    "attachments", ("attachment",), _attachment,
    lambda audit: ((one.made.position, one.id) for one in audit.state.attachments.values()),
)  # fmt: skip


def _spoken_of(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    one = audit.state.spoken_of.get(row["contribution"])
    if one is None:
        return None
    fields = {
        "contribution": one.contribution,
        "draft": one.draft,
        "version": one.version,
        "first": one.first,
        "last": one.last,
    }
    return Derived(one.mark.position, fields)


_table(
    "spoken_of", ("contribution",), _spoken_of,
    lambda audit: ((one.mark.position, one.contribution) for one in audit.state.spoken_of.values()),
)  # fmt: skip


def _leads(audit: Audit, one: Contribution) -> bool:
    """Whether words were said by a leader in that role: they stay, and are shown as a leader's."""
    return one.form != "voice" or audit.leads(one.author, audit.state.issues[one.issue], one.made)


def _said_as_leader(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    one = audit.state.contributions.get(row["contribution"])
    if one is None or not _leads(audit, one):
        return None
    return Derived(one.made.position, {"contribution": one.id})


def _all_said_as_leader(audit: Audit) -> Iterator[tuple[int, str]]:
    leaders = {term.member for term in audit.state.terms.values()}  # few: others' words go by fast
    for one in audit.state.contributions.values():
        if (one.form != "voice" or one.author in leaders) and _leads(audit, one):
            yield one.made.position, one.id


_table("said_as_leader", ("contribution",), _said_as_leader, _all_said_as_leader)


def _revision(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    """Every version but the first, which bears the time of what it is a version of."""
    state, name = audit.state, row["thing"]
    thing = state.contributions.get(name) or state.drafts.get(name) or state.amendments.get(name)
    for version in thing.versions[1:] if thing else ():
        if thing is not None and version.number == row["version"]:
            fields = {"thing": thing.id, "version": version.number, "at": _at(version.mark)}
            return Derived(version.mark.position, fields)
    return None


_table(
    "revisions", ("thing", "version"), _revision,
    lambda audit: (
        (version.mark.position, thing.id)
        for things in (audit.state.contributions, audit.state.drafts, audit.state.amendments)
        for thing in things.values() if len(thing.versions) > 1 for version in thing.versions[1:]
    ),
)  # fmt: skip


def _statement(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    one = audit.state.statements.get(row["statement"])
    return (
        None
        if one is None
        else Derived(
            one.sealed.position,
            {
                "statement": one.id,
                "issue": one.issue,
                "author": one.author,
                "sealed_at": _at(one.sealed),
                "opened_at": _at(one.opened),
            },
        )
    )


_table(
    "statements", ("statement",), _statement,
    lambda audit: ((s.sealed.position, s.id) for s in audit.state.statements.values()),
)  # fmt: skip


def _letter(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    one = audit.state.letters.get(row["letter"])
    return (
        None
        if one is None
        else Derived(
            one.posted.position,
            {
                "letter": one.id,
                "issue": one.issue,
                "posted_by": one.posted.actor,
                "received_at": _time(one.received_at),
                "at": _at(one.posted),
            },
        )
    )


_table(
    "letters",
    ("letter",),
    _letter,
    lambda audit: ((x.posted.position, x.id) for x in audit.state.letters.values()),
)


def _archive(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    one = audit.state.archives.get(row["archive"])
    if one is None:
        return None
    return Derived(
        one.brought.position,
        {
            "archive": one.id,
            "brought_by": one.brought.actor,
            "source": one.source,
            "at": _at(one.brought),
        },
    )


_table(
    "archives",
    ("archive",),
    _archive,
    lambda audit: ((x.brought.position, x.id) for x in audit.state.archives.values()),
)


# --- votes ---


def _poll(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    poll = audit.state.polls.get(row["poll"])
    if poll is None:
        return None
    counted = poll.counted
    return Derived(
        poll.opened.position,
        {
            "poll": poll.id,
            "about": poll.about,
            "subject": poll.subject,
            "unit": poll.unit,
            "form": poll.form,
            "box": poll.box,
            "options": list(poll.options),
            "status_quo": poll.status_quo or "",
            "roll_count": poll.roll_count,
            "quorum_bp": poll.quorum_bp,
            "majority": list(poll.majority),
            "more_than": poll.more_than,
            "opens_at": _time(poll.opens_at),
            "closes_at": _time(poll.closes_at),
            "state": "counted" if counted else Either(("lost", "annulled", "open")) if poll.lost else "open",
            "closed_at": Either((None, _at(poll.lost))) if poll.lost and not counted else _at(counted),
            "cast": poll.cast if counted else None,
            "outcome": poll.outcome,
            "figures": dict(poll.figures) if counted else None,
        },
    )


_table(
    "polls", ("poll",), _poll, lambda audit: ((p.opened.position, p.id) for p in audit.state.polls.values())
)


def _ballot(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    poll = audit.state.polls.get(row["poll"])
    ballot = poll.ballots.get(row["voter"]) if poll else None
    return (
        None
        if ballot is None
        else Derived(
            ballot.position, {"poll": row["poll"], "voter": row["voter"], "at": audit.spelt[ballot.at]}
        )
    )


def _ballots(audit: Audit) -> Iterator[tuple[int, str]]:
    for poll in audit.state.polls.values():
        for ballot in poll.ballots.values():
            yield ballot.position, poll.id


_table("ballots", ("poll", "voter"), _ballot, _ballots)


def _box(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    poll = audit.state.polls.get(row["poll"])
    box = poll.secret if poll else None
    if poll is None or box is None:
        return None
    fields = {
        "poll": poll.id,
        "key": box.key,
        "size": box.size,
        "seats": box.seats,
        "rule": box.rule,
        "most_ranks": box.most_ranks,
        "lot": box.lot,
        "lots_until": _time(box.lots_until),
        "secret": box.secret,
        "state": box.state,
        "links_destroyed": poll.links_gone is not None,
    }
    return Derived(box.opened.position, fields)


_table(
    "boxes", ("poll",), _box,
    lambda audit: ((p.secret.opened.position, p.id) for p in audit.state.polls.values() if p.secret),
)  # fmt: skip


def _marks(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    """How many voted in secret; once the ties are destroyed, no row says even that."""
    poll = audit.state.polls.get(row["poll"])
    box = poll.secret if poll and poll.links_gone is None else None
    if poll is None or box is None or box.counted is None:
        return None
    return Derived(box.counted.position, {"poll": poll.id, "marks": box.cast})


_table(
    "marks", ("poll",), _marks,
    lambda audit: (
        (p.secret.counted.position, p.id)
        for p in audit.state.polls.values() if p.secret and p.secret.counted and p.links_gone is None
    ),
)  # fmt: skip


def _lot(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    poll = audit.state.polls.get(row["poll"])
    one = poll.secret.added.get(row["member"]) if poll and poll.secret else None
    if poll is None or one is None:
        return None
    fields = {"poll": poll.id, "member": row["member"], "sha256": one.sha256, "shown": one.shown is not None}
    return Derived(one.mark.position, fields)


_table(
    "lots", ("poll", "member"), _lot,
    lambda audit: (
        (one.mark.position, f"{p.id}/{member}")
        for p in audit.state.polls.values() if p.secret for member, one in p.secret.added.items()
    ),
)  # fmt: skip


def _entry(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    poll = audit.state.polls.get(row["poll"])
    for one in poll.entered if poll else ():
        if one.member == row["member"] and _at(one.mark) == row["at"]:
            fields = {
                "poll": row["poll"],
                "member": one.member,
                "cast": one.cast,
                "sha256": one.sha256,
                "at": _at(one.mark),
                "taken_back_at": _at(one.back),
            }
            return Derived(one.mark.position, fields)
    return None


_table(
    "outside_entries", ("poll", "member", "at"), _entry,
    lambda audit: (
        (one.mark.position, f"{p.id}/{one.member}") for p in audit.state.polls.values() for one in p.entered
    ),
)  # fmt: skip


def _resolution(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    one = audit.state.resolutions.get(row["resolution"])
    return (
        None
        if one is None
        else Derived(
            one.mark.position,
            {
                "resolution": one.id,
                "issue": one.issue,
                "draft": one.draft,
                "alternative": one.alternative or "",
                "poll": one.poll,
                "text_commitment": one.text_commitment,
                "in_force_at": _at(one.mark),
            },
        )
    )


_table(
    "resolutions", ("resolution",), _resolution,
    lambda audit: ((r.mark.position, r.id) for r in audit.state.resolutions.values()),
)  # fmt: skip


# --- words beside the record ---


def content_row(audit: Audit, row: Mapping[str, Any]) -> Derived | None:
    """A content as its entry has it. Several may stand in one entry, so it has no table above."""
    key = row["commitment"]
    try:
        commitment = bytes.fromhex(key)
    except ValueError:
        return None
    committed = audit.state.committed.get(commitment)
    if committed is None:
        return None
    author = audit.contents.authors.get(commitment)
    if author is None:  # the words are not here: whoever made the entry, or whose name it is
        author = committed.actor if row["author"] == committed.actor else committed.owner
    fields = {
        "commitment": commitment.hex(),
        "kind": committed.kind,
        "field": committed.field,
        "author": author,
        "audience": facts.KINDS[committed.kind].audience,
        "held_until": committed.held if committed.held in audit.contents.closed else "",
        "erased": commitment in audit.state.erased,
    }
    return Derived(committed.position, fields)


_NAMED = (
    "charter.text", "claim.minutes", "issue.text", "issue.title", "member.name", "organisation.name",
    "organisation.unit_word", "petition.text", "petition.title", "post.title", "unit.name",
)  # fmt: skip
"""Words that are the name, or the first words, of a thing."""


class Pointers:
    """Which words each row must show."""

    def __init__(self, audit: Audit) -> None:
        """Gather the labels and how to look each of them up."""
        state = self._state = audit.state
        self.labels: dict[str, Callable[[str], tuple[int, Collection[bytes]] | None]] = {
            "poll.roll": lambda subject: self._poll(subject, "roll"),
            "poll.paper": lambda subject: self._poll(subject, "paper"),
            "poll.count": lambda subject: self._poll(subject, "count"),
            "ballot.choice": self._choice,
            "box.box": lambda subject: self._box(subject, "sealed"),
            "box.ballots": lambda subject: self._box(subject, "ballots"),
            "lot.sentence": self._sentence,
            "candidacy.statement": lambda subject: self._candidacy(subject, "statement"),
            "candidacy.picture": lambda subject: self._candidacy(subject, "picture"),
            "effects.effects": self._effects,
            "law_note.words": lambda subject: self._words(state.law_notes, subject, "voted", "words"),
            "offer.count": self._offer,
            "sample.sentence": self._sample_sentence,
            "outside.report": lambda subject: self._entered(subject, "report"),
            "outside.ballots": lambda subject: self._entered(subject, "ballots"),
            "draft.title": lambda subject: self._version(state.drafts, subject, "title"),
            "draft.text": lambda subject: self._version(state.drafts, subject, "text"),
            "amendment.text": lambda subject: self._version(state.amendments, subject, "text"),
            "amendment.reasons": lambda subject: self._words(state.amendments, subject, "moved", "reasons"),
            "alternative.text": lambda subject: self._words(state.alternatives, subject, "written", "text"),
            "contribution.text": lambda subject: self._version(state.contributions, subject, "text"),
            "contribution.source": lambda subject: self._words(
                state.contributions, subject, "made", "source"
            ),
            "statement.text": lambda subject: self._words(state.statements, subject, "sealed", "text"),
            "letter.sender": lambda subject: self._words(state.letters, subject, "posted", "sender"),
            "letter.text": lambda subject: self._words(state.letters, subject, "posted", "text"),
            "attachment.name": lambda subject: self._words(state.attachments, subject, "made", "name"),
            "attachment.file": lambda subject: self._words(state.attachments, subject, "made", "file"),
            "archive.thread": lambda subject: self._words(state.archives, subject, "brought", "thread"),
        }
        for label in _NAMED:
            self.labels[label] = lambda subject, label=label: self._named(label, subject)  # type: ignore[misc]

    def find(self, label: str, subject: str) -> tuple[int, Collection[bytes]] | None:
        """The entry and the commitments that a row of this name must point at."""
        look = self.labels.get(label)
        return None if look is None else look(subject)

    def count(self) -> int:
        """How many rows must show words."""
        return sum(1 for _ in self.every())

    def every(self) -> Iterator[tuple[str, str]]:
        """Every row's words there must be: (label, subject)."""
        for label, places in self.by_label():
            for subject, _ in places:
                yield label, subject

    def by_label(self) -> Iterator[tuple[str, Iterable[tuple[str, bytes]]]]:
        """Every label in order, with its subjects in order and the words each shows."""
        state = self._state
        yield (
            "ballot.choice",
            (
                (f"{poll_id}/{voter}", choice)
                for poll_id, poll in sorted(state.polls.items())
                for voter, (_, _, choice) in sorted(poll.ballots.items())
                if choice is not None
            ),
        )
        others: defaultdict[str, list[tuple[str, bytes]]] = defaultdict(list)
        for label, subject in self._few():
            found = self.find(label, subject)
            if found is not None:
                newest = max(found[1], key=lambda one: state.committed[one].position)
                others[label].append((subject, newest))
        for contribution in state.contributions.values():
            if contribution.source is not None:
                others["contribution.source"].append((contribution.id, contribution.source))
            for number, _, _, text in contribution.versions:
                if text is not None:
                    others["contribution.text"].append((f"{contribution.id}/{number}", text))
        for label in sorted(others):
            yield label, sorted(others[label])

    def _few(self) -> Iterator[tuple[str, str]]:
        """Rows that may show words, but for ballots and contributions."""
        state = self._state
        for label, subject in state.named:
            if label == "organisation.charter":
                yield "charter.text", "1"
            else:
                yield label, subject
        for note in state.law_notes:
            yield "law_note.words", note
        for change in state.changes:
            yield "charter.text", str(change.version)
        for poll in state.polls.values():
            yield "poll.roll", poll.id
            yield "poll.paper", poll.id
            yield "poll.count", poll.id
            if poll.secret is not None:
                yield "box.box", poll.id
                yield "box.ballots", poll.id
                for member in poll.secret.added:
                    yield "lot.sentence", f"{poll.id}/{member}"
            for entry in poll.entered:
                yield "outside.report", f"{poll.id}/{entry.member}/{_at(entry.mark)}"
                yield "outside.ballots", f"{poll.id}/{entry.member}/{_at(entry.mark)}"
        for election in state.elections.values():
            for candidacy in election.candidacies.values():
                for words in candidacy.versions:
                    subject = f"{election.id}/{candidacy.member}/{words.number}"
                    yield "candidacy.statement", subject
                    yield "candidacy.picture", subject
        for term, offers in state.offers.items():
            for offer in offers:
                yield "offer.count", f"{term}/{offer.member}"
        for draft in state.drafts.values():
            for number in range(1, len(draft.versions) + 1):
                yield "draft.title", f"{draft.id}/{number}"
                yield "draft.text", f"{draft.id}/{number}"
            for effects in draft.effects:
                yield "effects.effects", f"{draft.id}/{effects.version}"
        for amendment in state.amendments.values():
            yield "amendment.reasons", amendment.id
            for number in range(1, len(amendment.versions) + 1):
                yield "amendment.text", f"{amendment.id}/{number}"
        for alternative in state.alternatives:
            yield "alternative.text", alternative
        for statement in state.statements.values():
            yield "statement.text", statement.id
        for letter in state.letters.values():
            yield "letter.sender", letter.id
            yield "letter.text", letter.id
        for attachment in state.attachments:
            yield "attachment.name", attachment
            yield "attachment.file", attachment
        for archive in state.archives:
            yield "archive.thread", archive

    def _named(self, label: str, subject: str) -> tuple[int, Collection[bytes]] | None:
        if label == "charter.text":
            for change in self._state.changes[::-1]:
                if change.text is not None and subject.isdecimal() and change.version <= int(subject):
                    return change.mark.position, (change.text,)
            known = {"1", *(str(change.version) for change in self._state.changes)}
            label, subject = "organisation.charter", self._state.org if subject in known else ""
        found = self._state.named.get((label, subject))
        if found is None:
            return None
        if label in ("post.title", "unit.name"):  # what it is called now, and nothing it was called before
            found = {max(found, key=lambda one: self._state.committed[one].position)}
        return min(self._state.committed[one].position for one in found), found

    def _box(self, subject: str, field: str) -> tuple[int, Collection[bytes]] | None:
        poll = self._state.polls.get(subject)
        box = poll.secret if poll else None
        commitment = getattr(box, field, None)
        if box is None or box.counted is None or commitment is None:
            return None
        return box.counted.position, (commitment,)

    def _sentence(self, subject: str) -> tuple[int, Collection[bytes]] | None:
        name, _, member = subject.partition("/")
        poll = self._state.polls.get(name)
        one = poll.secret.added.get(member) if poll and poll.secret else None
        if one is None or one.shown is None or one.sentence is None:
            return None
        return one.shown.position, (one.sentence,)

    def _candidacy(self, subject: str, field: str) -> tuple[int, Collection[bytes]] | None:
        name, _, rest = subject.partition("/")
        member, _, number = rest.partition("/")
        election = self._state.elections.get(name)
        candidacy = election.candidacies.get(member) if election else None
        for words in candidacy.versions if candidacy else ():
            commitment = getattr(words, field)
            if str(words.number) == number and commitment is not None:
                return words.mark.position, (commitment,)
        return None

    def _effects(self, subject: str) -> tuple[int, Collection[bytes]] | None:
        name, _, number = subject.partition("/")
        draft = self._state.drafts.get(name)
        for one in draft.effects if draft else ():
            if str(one.version) == number and one.effects is not None:
                return one.mark.position, (one.effects,)
        return None

    def _offer(self, subject: str) -> tuple[int, Collection[bytes]] | None:
        term, _, member = subject.partition("/")
        for offer in self._state.offers.get(term, ()):
            if offer.member == member and offer.count is not None:
                return offer.mark.position, (offer.count,)
        return None

    def _sample_sentence(self, subject: str) -> tuple[int, Collection[bytes]] | None:
        name, _, member = subject.partition("/")
        petition = self._state.petitions.get(name)
        for one in petition.samples if petition else ():
            if one.member == member and one.sentence is not None:
                return one.mark.position, (one.sentence,)
        return None

    def _entered(self, subject: str, field: str) -> tuple[int, Collection[bytes]] | None:
        """What a scrutineer entered at one time; they may have taken it back and entered anew."""
        name, _, entered = subject.partition("/")
        poll = self._state.polls.get(name)
        for entry in poll.entered if poll else ():
            commitment = getattr(entry, field)
            if f"{entry.member}/{_at(entry.mark)}" == entered and commitment is not None:
                return entry.mark.position, (commitment,)
        return None

    def _poll(self, subject: str, field: str) -> tuple[int, Collection[bytes]] | None:
        poll: Poll | None = self._state.polls.get(subject)
        commitment = getattr(poll, field, None)
        return None if poll is None or commitment is None else (poll.opened.position, (commitment,))

    def _choice(self, subject: str) -> tuple[int, Collection[bytes]] | None:
        poll_id, _, voter = subject.partition("/")
        poll = self._state.polls.get(poll_id)
        ballot = poll.ballots.get(voter) if poll else None
        return None if ballot is None or ballot.choice is None else (ballot.position, (ballot.choice,))

    def _version(
        self, things: Mapping[str, Any], subject: str, field: str
    ) -> tuple[int, Collection[bytes]] | None:
        name, _, number = subject.partition("/")
        thing = things.get(name)
        if thing is None or not number.isascii() or not number.isdigit() or len(number) > 6:
            return None
        wanted = int(number)
        if wanted == 1 or not 1 < wanted <= len(thing.versions):
            version = thing.versions[0]
        else:
            version = thing.versions[wanted - 1]
        commitment = getattr(version, field)
        if version.number != wanted or commitment is None:
            return None
        return version.mark.position, (commitment,)

    def _words(
        self, things: Mapping[str, Any], subject: str, made: str, field: str
    ) -> tuple[int, Collection[bytes]] | None:
        thing = things.get(subject)
        commitment = None if thing is None else getattr(thing, field)
        return None if commitment is None else (getattr(thing, made).position, (commitment,))
