# SPDX-License-Identifier: AGPL-3.0-or-later
"""Petitions and the aliases under them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kollontai.auditor.folding import Impossible, folds, mark
from kollontai.auditor.lines import Line
from kollontai.auditor.things import Petition, Sample, Signature

if TYPE_CHECKING:
    from kollontai.auditor.state import State


def _petition(state: State, line: Line) -> Petition:
    petition = state.petitions.get(line.fields["petition"])
    if petition is None:
        raise Impossible(line.fields["petition"], f"There is no petition {line.fields['petition']}.")
    return petition


@folds("petition.opened")
def opened(state: State, line: Line) -> None:
    """A petition begins; whoever opens it signs first."""
    f, c = line.fields, line.commitments
    if f["petition"] in state.petitions:
        raise Impossible(f["petition"], f"The petition {f['petition']} is opened a second time.")
    if f["unit"] not in state.units:
        raise Impossible(
            f["petition"], f"The petition {f['petition']} is in {f['unit']}, which does not exist."
        )
    petition = state.petitions[f["petition"]] = Petition(
        f["petition"], f["about"], f["subject"] or "", f["unit"], f["base"], f["needed"], f["units_needed"],
        f["closes_at"], f["limits"], mark(line), c.get("title"), c.get("text"),
    )  # fmt: skip
    petition.signatures[line.actor] = Signature(line.actor, mark(line), "")


@folds("petition.signed")
def signed(state: State, line: Line) -> None:
    """Somebody signs, by an alias."""
    petition, alias, here = _petition(state, line), line.actor, mark(line)
    earlier, unit = petition.signatures.get(alias), line.fields["unit"] or ""
    if earlier is not None and earlier.withdrawn is None:
        if earlier.mark == petition.opened and here.at == petition.opened.at and not earlier.unit:
            earlier.unit = unit  # the opener's own signature, said in words
        else:
            petition.again.append((alias, here))
        return
    if earlier is not None:
        petition.taken.append(earlier)
    petition.signatures[alias] = Signature(alias, here, unit)


@folds("signature.withdrawn")
def withdrawn(state: State, line: Line) -> None:
    """Somebody takes their name back."""
    petition = _petition(state, line)
    signature = petition.signatures.get(line.actor)
    if signature is None or signature.withdrawn is not None:
        raise Impossible(petition.id, f"{line.actor} takes back a signature that does not stand.")
    signature.withdrawn = mark(line)


def _end(state: State, line: Line) -> Petition:
    petition = _petition(state, line)
    if petition.ended is not None:
        raise Impossible(petition.id, f"The petition {petition.id} ends a second time.")
    state.time(line, line.fields["due"], petition.id)
    return petition


@folds("petition.reached")
def reached(state: State, line: Line) -> None:
    """Enough have signed."""
    petition = _end(state, line)
    petition.reached, petition.reached_with = mark(line), line.fields["signatures"]
    petition.reached_due = line.fields["due"]


@folds("petition.lapsed")
def lapsed(state: State, line: Line) -> None:
    """Too few signed, or the term is over."""
    petition = _end(state, line)
    petition.lapsed, petition.lapsed_with = mark(line), line.fields["signatures"]
    petition.lapsed_why, petition.lapsed_due = line.fields["why"], line.fields["due"]


@folds("sample.drawn")
def drawn(state: State, line: Line) -> None:
    """A scrutineer draws signatures by lot."""
    petition, f = _petition(state, line), line.fields
    petition.samples.append(Sample(mark(line), line.actor, f["aliases"], line.commitments.get("sentence")))


@folds("sample.reported")
def reported(state: State, line: Line) -> None:
    """They say what those answered whom they asked."""
    petition, f = _petition(state, line), line.fields
    sample = next((one for one in petition.samples if one.member == line.actor), None)
    if sample is None:
        raise Impossible(
            petition.id, f"{line.actor} reports on a sample of {petition.id} that was not drawn."
        )
    if sample.reported is not None:
        sample.again.append(mark(line))
        return
    sample.reported, sample.answers = mark(line), (f["signed"], f["denied"], f["silent"])
