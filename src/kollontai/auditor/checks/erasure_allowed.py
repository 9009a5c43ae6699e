# SPDX-License-Identifier: AGPL-3.0-or-later
"""Was anything erased that must stay, or by somebody whose words or name it was not?"""

from __future__ import annotations

from collections.abc import Iterator

from kollontai.auditor.amendments import Amendment, taken_back
from kollontai.auditor.audit import Audit
from kollontai.auditor.checks.decision_follows_count import on_paper
from kollontai.auditor.days import later
from kollontai.auditor.findings import Finder, Finding, proved
from kollontai.auditor.things import Draft, Erasure, Issue, Mark, Person

QUESTION = "Was everything that was erased erased by its own author, and may it be?"
ARTICLE = 7
EVIDENCE = proved(limit="Who wrote an erased text is known from who made its entry.")
FINDS = (
    "texts that are missing without an entry that says why",
    "names that were erased by others, by members, or too soon after holding a post",
)

_found = Finder(__name__, ARTICLE)

_OWN_WORDS = {
    "member.invited": ("name",),
    "member.applied": ("name",),
    "contribution.made": ("text",),
    "contribution.revised": ("text",),
    "words.written_in": ("text",),
    "draft.put": ("title", "text"),
    "draft.revised": ("title", "text"),
    "amendment.moved": ("text", "reasons"),
    "amendment.revised": ("text",),
    "issue.raised": ("title", "text"),
    "letter.posted": ("sender", "text"),
    "attachment.made": ("name", "file"),
    "archive.imported": ("thread",),
    "candidacy.accepted": ("statement", "picture"),
    "candidacy.revised": ("statement", "picture"),
    "statement.sealed": (),
    "fact.answered": (),
}
"""What an author may take back; everything else stays."""
_NAMES = ("member.invited", "member.applied")
ANSWERS_FOR = 730
"""Days for which a name stays with the posts that somebody held."""


def check(audit: Audit) -> Iterator[Finding]:
    """One's own words go at once; what is on a ballot, in force or said by a leader in that role stays."""
    keep = _kept(audit) if audit.state.erasures else {}
    hosts = _hosts(audit) if audit.state.erasures else {}
    for erasure in audit.state.erasures:
        mark = erasure.mark
        if erasure.ground != "own":
            yield _found.breach(mark.position, mark.actor, f"An erasure names the ground {erasure.ground}.")
        if len(set(erasure.commitments)) != len(erasure.commitments) or not erasure.commitments:
            yield _found.breach(mark.position, mark.actor, "An erasure names nothing, or something twice.")
        yield from _look(audit, erasure, keep)
        yield from _drafts_and_amendments(audit, erasure, keep, hosts)
    for person in audit.state.people.values():
        gone = person.contact_erased
        if gone is None:
            continue
        why = "by another" if gone.actor != person.id else _why_named(audit, person, gone)
        if why:
            yield _found.breach(
                gone.position, person.id, f"Nothing leads to {person.id} any more: that was erased {why}."
            )


def _why_named(audit: Audit, person: Person, mark: Mark) -> str:
    """Why somebody was still to be known by name."""
    if not person.gone_at(mark.position):
        return "while they were here"
    held = audit.state.terms_of_member.get(person.id, ())
    terms = [term for term in held if term.begun.position < mark.position]
    until = max((later(term.over_at, ANSWERS_FOR) for term in terms), default=mark.at)
    if mark.at < until:
        return f"although a post they held keeps their name until {until:%Y-%m-%d}"
    stands = any(
        candidacy.stands_at(mark.position) and election.running_at(mark.position)
        for election, candidacy in audit.state.candidacies_of.get(person.id, ())
    )
    put = any(
        claim.member == person.id
        and (poll := audit.state.polls.get(claim.poll)) is not None
        and poll.opened.position < mark.position
        and (claim.settled is None or claim.settled.position > mark.position)
        for claim in audit.state.claims
    )
    return "while they stood on a ballot paper" if stands or put else ""


def _look(audit: Audit, erasure: Erasure, keep: dict[bytes, str]) -> Iterator[Finding]:
    mark = erasure.mark
    for text in erasure.commitments:
        try:
            commitment = bytes.fromhex(text)
        except ValueError:
            continue  # entries_well_formed says so
        committed = audit.state.committed.get(commitment)
        if committed is None:
            continue
        if committed.position > mark.position:
            yield _found.breach(mark.position, text, "An erasure comes before what it erases.")
        name = committed.kind in _NAMES and committed.field == "name"
        if name and mark.actor == committed.owner and (person := audit.state.people.get(committed.owner)):
            why = _why_named(audit, person, mark)
            if why:
                yield _found.breach(mark.position, text, f"The name of {person.id} was erased {why}.")
        if mark.actor != committed.owner and (name or mark.actor != committed.actor):
            yield _found.breach(
                mark.position, text,
                f"{mark.actor} erased the {committed.field} of a {committed.kind} by {committed.owner}.",
            )  # fmt: skip
        if commitment in keep:
            yield _found.breach(mark.position, text, f"Something was erased that {keep[commitment]}.")
        elif committed.field not in _OWN_WORDS.get(committed.kind, ()):
            yield _found.breach(
                mark.position, text,
                f"The {committed.field} of a {committed.kind} was erased; nobody may erase that.",
            )  # fmt: skip
        earlier = audit.state.erased.get(commitment)
        if earlier is not None and earlier.position != mark.position:
            yield _found.breach(mark.position, text, "Something was erased a second time.")


def _kept(audit: Audit) -> dict[bytes, str]:
    """What nobody may take back, with the reason."""
    state = audit.state
    keep: dict[bytes, str] = {}
    for poll in state.polls.values():
        issue = state.issues.get(poll.subject)
        if issue is None:
            continue
        alone = on_paper(audit, issue, poll) if poll.form == "yes_no" else None
        for draft_id in issue.drafts:
            if draft_id == alone or draft_id in poll.options:
                version = state.drafts[draft_id].version_at(poll.opened.position)
                for words in (version.title, version.text):
                    if words is not None and not _erased_before(audit, words, poll.opened.position):
                        keep[words] = "stood on a ballot"
    for election in state.elections.values():
        for candidacy in election.candidacies.values():
            for poll in map(state.polls.__getitem__, election.polls):
                last = [one for one in candidacy.versions if one.mark.position < poll.opened.position]
                for said in (last[-1].statement, last[-1].picture) if last else ():
                    if (
                        said is not None
                        and candidacy.member in poll.options
                        and not _erased_before(audit, said, poll.opened.position)
                    ):
                        keep[said] = "stood on a ballot"
    keep |= _led(audit)
    for contribution in state.contributions.values():
        if not audit.leadership.ever_led(contribution.author):
            continue
        issue = state.issues[contribution.issue]
        for version in contribution.versions:
            stage = issue.stage_at(version.mark.position)
            as_leader = contribution.form != "voice" or (stage is not None and stage.name == "answer")
            if (
                version.text is not None
                and as_leader
                and audit.leads(contribution.author, issue, version.mark)
            ):
                keep[version.text] = "a leader said in that role"
                for one in state.attachments.values():
                    if one.of == contribution.id:
                        keep |= {part: "a leader said in that role" for part in (one.name, one.file) if part}
    return keep


def _led(audit: Audit) -> dict[bytes, str]:
    """Drafts and amendments that a leader put as one, or somebody in the name of a body."""
    state, files, keep = audit.state, _files(audit), dict[bytes, str]()
    for text in _texts(audit):
        issue = state.issues[text.issue]
        why = ""
        if isinstance(text, Draft) and text.first and (issue.by_leader or issue.raised_for is not None):
            why = "was said for a body" if issue.raised_for else "a leader said in that role"
        elif audit.leadership.ever_led(text.mover) and any(
            audit.leads(text.mover, issue, version.mark) for version in text.versions
        ):
            why = "a leader said in that role"
        if why:
            keep |= dict.fromkeys(_parts(text, files), why)
    return keep


def _texts(audit: Audit) -> Iterator[Draft | Amendment]:
    yield from audit.state.drafts.values()
    yield from audit.state.amendments.values()


def _files(audit: Audit) -> dict[str, list[bytes]]:
    """The names and bytes of the files that came with a draft or an amendment, by its id."""
    found: dict[str, list[bytes]] = {}
    for one in audit.state.attachments.values():
        if one.host in ("draft", "amendment"):
            found.setdefault(one.of, []).extend(part for part in (one.name, one.file) if part is not None)
    return found


def _parts(text: Draft | Amendment, files: dict[str, list[bytes]]) -> list[bytes]:
    """All the words of a draft or an amendment, and the files that came with them."""
    found = [said for version in text.versions for said in (version.title, version.text)]
    if isinstance(text, Amendment):
        found.append(text.reasons)
    return [said for said in found if said is not None] + files.get(text.id, [])


def _hosts(audit: Audit) -> dict[bytes, Draft | Amendment]:
    files = _files(audit)
    return {said: text for text in _texts(audit) for said in _parts(text, files)}


def _drafts_and_amendments(
    audit: Audit, erasure: Erasure, keep: dict[bytes, str], hosts: dict[bytes, Draft | Amendment]
) -> Iterator[Finding]:
    """What is erased of them is over, and nothing rests on it that may come to a vote or has."""
    looked = set[str]()
    for text in erasure.commitments:
        try:
            commitment = bytes.fromhex(text)
        except ValueError:
            continue  # entries_well_formed says so
        host = hosts.get(commitment)
        if host is None or host.id in looked or commitment in keep:
            continue
        looked.add(host.id)
        why = _rests(audit, host, erasure.mark.position)
        if why:
            yield _found.breach(erasure.mark.position, host.id, f"{host.id} was erased {why}.")


def _rests(audit: Audit, text: Draft | Amendment, at: int) -> str:
    """Why a draft or an amendment was to stay when the entry at this position was made."""
    state, issue = audit.state, audit.state.issues[text.issue]

    def was(mark: Mark | None) -> bool:
        return mark is not None and mark.position < at

    if was(issue.lapsed):
        return ""
    on_it = [
        one for one in map(state.amendments.__getitem__, issue.amendments)
        if (one.parent or one.draft) == text.id and was(one.moved) and not was(taken_back(one))
    ]  # fmt: skip
    polls = [state.polls[one] for one in issue.polls if state.polls[one].about == "issue"]
    if any(was(poll.opened) for poll in polls):
        return "after it came to a vote" if _came(audit, issue, text) else ""
    if not was(taken_back(text)):
        return "while it stood"
    return "while amendments to it stood" if on_it else ""


def _came(audit: Audit, issue: Issue, text: Draft | Amendment) -> bool:
    """Whether a text, or what was made of it, stood on a paper."""
    state = audit.state
    written = [state.alternatives[one] for one in issue.alternatives]
    if isinstance(text, Draft):
        papers = [state.polls[one] for one in issue.polls if state.polls[one].about == "issue"]
        return any(one.draft == text.id for one in written) or any(
            text.id in (poll.options if poll.form != "yes_no" else (on_paper(audit, issue, poll),))
            for poll in papers
        )
    named = {name for one in written for name in one.amendments}
    if text.id in named or any(state.amendments[name].parent == text.id for name in named):
        return True
    if text.accepted is None:
        return False
    return _came(audit, issue, state.amendments[text.parent] if text.parent else state.drafts[text.draft])


def _erased_before(audit: Audit, words: bytes, position: int) -> bool:
    erased = audit.state.erased.get(words)
    return erased is not None and erased.position < position
