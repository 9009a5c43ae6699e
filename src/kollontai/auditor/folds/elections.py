# SPDX-License-Identifier: AGPL-3.0-or-later
"""Elections, candidates, what a count gave, who acts until the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kollontai.auditor.folding import Impossible, folds, mark
from kollontai.auditor.lines import Line
from kollontai.auditor.things import Candidacy, Election, Offer, Recall, Widening, Words

if TYPE_CHECKING:
    from kollontai.auditor.state import State


def _election(state: State, line: Line) -> Election:
    election = state.elections.get(line.fields["election"])
    if election is None:
        raise Impossible(line.fields["election"], f"There is no election {line.fields['election']}.")
    return election


def _candidacy(election: Election, member: str, does: str) -> Candidacy:
    candidacy = election.candidacies.get(member)
    if candidacy is None:
        raise Impossible(election.id, f"{member} {does} in {election.id} without having been put forward.")
    return candidacy


@folds("election.opened")
def opened(state: State, line: Line) -> None:
    """Nominations open."""
    f = line.fields
    if f["election"] in state.elections:
        raise Impossible(f["election"], f"The election {f['election']} opens a second time.")
    if f["post"] not in state.posts:
        raise Impossible(f["election"], f"The election {f['election']} is for {f['post']}, which is no post.")
    election = state.elections[f["election"]] = Election(
        f["election"], f["post"], f["unit"], f["why"], f["fills"], f["seats"], f["round"], f["half"],
        f["closes_at"], f["members_since"], f["limits"], f["due"], f["after"] or "", f["begins_at"],
        f["ends_at"], mark(line),
    )  # fmt: skip
    state.elections_of_post[election.post].append(election)
    for term in election.fills:
        state.filled_by[term].append(election)
    if election.after in state.elections:
        state.elections[election.after].followers.append(election.id)
    state.time(line, f["due"], election.id)


@folds("election.widened")
def widened(state: State, line: Line) -> None:
    """Another seat is filled with those that are being filled."""
    f, election = line.fields, _election(state, line)
    if election.ended is not None or election.polls:
        raise Impossible(election.id, f"{election.id} fills another seat although nominations had ended.")
    before = (election.fills, election.seats, election.closes_at, election.members_since)
    election.widened.append(
        Widening(mark(line), f["term"], f["seats"], f["closes_at"], f["members_since"], f["due"], before)
    )
    election.fills, election.seats = (*election.fills, f["term"]), f["seats"]
    election.closes_at, election.members_since = f["closes_at"], f["members_since"]
    state.filled_by[f["term"]].append(election)
    state.time(line, f["due"], election.id)


@folds("nomination.made")
def nominated(state: State, line: Line) -> None:
    """Somebody is put forward."""
    election, nominee, here = _election(state, line), line.fields["nominee"], mark(line)
    if nominee in election.candidacies:
        election.candidacies[nominee].later.append(here)
        return
    candidacy = election.candidacies[nominee] = Candidacy(nominee, here)
    state.candidacies_of[nominee].append((election, candidacy))


@folds("nomination.declined")
def declined(state: State, line: Line) -> None:
    """Who was put forward says no."""
    election = _election(state, line)
    candidacy = _candidacy(election, line.actor, "declines")
    if candidacy.state != "asked":
        raise Impossible(election.id, f"{line.actor} declines in {election.id} after having answered.")
    candidacy.declined = mark(line)


@folds("candidacy.accepted")
def accepted(state: State, line: Line) -> None:
    """Who was put forward stands."""
    election, c = _election(state, line), line.commitments
    candidacy = _candidacy(election, line.actor, "stands")
    if candidacy.state == "stands":
        raise Impossible(election.id, f"{line.actor} accepts in {election.id} a second time.")
    candidacy.half, candidacy.accepted, candidacy.withdrawn = line.fields["half"], mark(line), None
    number = len(candidacy.versions) + 1  # who took a yes back may think again
    candidacy.versions.append(Words(number, mark(line), c.get("statement"), c.get("picture")))


@folds("candidacy.revised")
def revised(state: State, line: Line) -> None:
    """A candidate puts their statement anew."""
    election, c = _election(state, line), line.commitments
    candidacy = _candidacy(election, line.actor, "speaks")
    if candidacy.state != "stands":
        raise Impossible(election.id, f"{line.actor} revises a statement in {election.id} without standing.")
    number = line.fields["version"]
    candidacy.versions.append(Words(number, mark(line), c.get("statement"), c.get("picture")))


@folds("candidacy.withdrawn")
def withdrawn(state: State, line: Line) -> None:
    """A candidate stands no longer."""
    election = _election(state, line)
    candidacy = _candidacy(election, line.actor, "withdraws")
    if candidacy.state != "stands":
        raise Impossible(election.id, f"{line.actor} withdraws in {election.id} without standing.")
    candidacy.withdrawn = mark(line)


@folds("election.empty")
def empty(state: State, line: Line) -> None:
    """Nobody stands."""
    election = _election(state, line)
    if election.ended is not None:
        raise Impossible(election.id, f"{election.id} is called empty although it had ended.")
    election.emptied = mark(line)
    state.time(line, line.fields["due"], election.id)


@folds("election.annulled")
def annulled(state: State, line: Line) -> None:
    """The box was lost and nobody is left to be voted on."""
    election = _election(state, line)
    if election.ended is not None:
        raise Impossible(election.id, f"{election.id} is annulled although it had ended.")
    election.annulled, election.annulled_poll = mark(line), line.fields["poll"]
    state.time(line, line.fields["due"], election.id)


@folds("election.decided")
def decided(state: State, line: Line) -> None:
    """The count seats somebody, or nobody."""
    f, election = line.fields, _election(state, line)
    if election.ended is not None:
        raise Impossible(election.id, f"{election.id} is decided although it had ended.")
    election.decided, election.decided_poll, election.decided_due = mark(line), f["poll"], f["due"]
    election.elected, election.reopened, election.unfilled = f["elected"], f["reopened"], f["unfilled"]
    poll = state.polls.get(f["poll"])
    if poll is None or poll.box != "outside":  # those wait for two scrutineers
        state.time(line, f["due"], election.id)


@folds("acting.offered")
def offered(state: State, line: Line) -> None:
    """The next in line is asked."""
    f = line.fields
    if f["term"] not in state.terms:
        raise Impossible(f["term"], f"Somebody is asked to act for the term {f['term']}, which never began.")
    offers = state.offers[f["term"]]
    if any(one.member == f["member"] for one in offers):
        raise Impossible(f["term"], f"{f['member']} is asked a second time to act for {f['term']}.")
    offers.append(
        Offer(
            mark(line), f["term"], f["post"], f["poll"], f["member"], f["aside"], f["until"], f["ends_at"],
            f["due"], line.commitments.get("count"),
        )
    )  # fmt: skip
    state.time(line, f["due"], f["term"])


def _asked(state: State, line: Line, member: str) -> Offer:
    term = line.fields["term"]
    for offer in state.offers.get(term, ()):
        if offer.member == member and offer.state == "asked":
            return offer
    raise Impossible(term, f"{member} answers an offer to act for {term} that is not open.")


@folds("acting.accepted")
def acting_accepted(state: State, line: Line) -> None:
    """The next in line says yes."""
    offer = _asked(state, line, line.actor)
    offer.state, offer.answered = "accepted", mark(line)


@folds("acting.declined")
def acting_declined(state: State, line: Line) -> None:
    """The next in line says no."""
    offer = _asked(state, line, line.actor)
    offer.state, offer.answered = "declined", mark(line)


@folds("acting.lapsed")
def acting_lapsed(state: State, line: Line) -> None:
    """The next in line said nothing."""
    offer = _asked(state, line, line.fields["member"])
    offer.state, offer.answered = "lapsed", mark(line)
    state.time(line, line.fields["due"], line.fields["term"])


@folds("recall.decided")
def recall_decided(state: State, line: Line) -> None:
    """The electors decided on a recall."""
    f = line.fields
    petition = state.petitions.get(f["petition"])
    if petition is None or petition.about != "recall":
        raise Impossible(f["petition"], f"There is no petition {f['petition']} for a recall.")
    if petition.decided is not None:
        raise Impossible(petition.id, f"The recall of {petition.id} is decided a second time.")
    petition.decided = Recall(
        mark(line), f["term"], f["poll"], f["outcome"], f["cast"], f["roll"], f["electing_cast"],
        f["electing_roll"], f["due"],
    )  # fmt: skip
    state.time(line, f["due"], petition.id)
