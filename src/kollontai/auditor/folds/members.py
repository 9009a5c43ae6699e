# SPDX-License-Identifier: AGPL-3.0-or-later
"""Units and the people in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kollontai.auditor.folding import Impossible, folds, mark
from kollontai.auditor.lines import Line
from kollontai.auditor.things import Admission, Application, LetterVoucher, Person, Unit

if TYPE_CHECKING:
    from kollontai.auditor.state import State


def _person(state: State, line: Line) -> Person:
    member = line.fields["member"]
    person = state.people.get(member)
    if person is None:
        raise Impossible(member, f"Nobody called {member} was ever invited or has asked to join.")
    return person


def _unit(state: State, line: Line) -> str:
    unit: str = line.fields["unit"]
    if unit not in state.units:
        raise Impossible(unit, f"There is no unit {unit}.")
    return unit


@folds("unit.created")
def created(state: State, line: Line) -> None:
    """A unit begins."""
    unit, parent = line.fields["unit"], line.fields["parent"]
    if unit in state.units:
        raise Impossible(unit, f"The unit {unit} begins a second time.")
    if parent is None and state.units:
        raise Impossible(unit, f"The unit {unit} stands beside the whole organisation, not in it.")
    if parent is not None and parent not in state.units:
        raise Impossible(unit, f"The unit {unit} is put below {parent}, which does not exist.")
    state.units[unit] = Unit(unit, parent, mark(line))


@folds("member.invited")
def invited(state: State, line: Line) -> None:
    """Somebody is asked in."""
    member, unit = line.fields["member"], _unit(state, line)
    person = state.people.get(member)
    if person is None:
        person = state.people[member] = Person(member, unit)
    elif person.belongs or person.waiting or (person.declined is None and not person.departures):
        raise Impossible(member, f"{member} is invited although this id is already taken.")
    person.unit, person.declined, person.asked_by_self = unit, None, False
    person.invited, person.invited_ground = mark(line), line.fields["ground"]
    person.invited_unit = unit
    if person.invited_ground == "founding":
        state.listed.append(member)


@folds("invitation.declined")
def declined(state: State, line: Line) -> None:
    """Somebody says no."""
    person = _person(state, line)
    if person.belongs or person.declined is not None:
        raise Impossible(person.id, f"{person.id} declines an invitation that is no longer open.")
    person.declined = mark(line)
    person.refusals.append(person.declined)
    _asks_no_more(person, line)


@folds("member.applied")
def applied(state: State, line: Line) -> None:
    """Somebody asks to join."""
    f = line.fields
    unit = _unit(state, line)
    person = state.people.get(f["member"])
    if person is None:
        person = state.people[f["member"]] = Person(f["member"], unit)
    if person.belongs or person.waiting:
        raise Impossible(person.id, f"{person.id} asks to join a second time.")
    person.unit, person.declined = unit, None
    person.asked_by_self = bool(line.commitments)  # who says yes to an invitation has given a name already
    person.applications.append(Application(mark(line), unit, f["vouchers_needed"], f["admitted_at"]))


@folds("member.vouched")
def vouched(state: State, line: Line) -> None:
    """A member vouches for an applicant."""
    person = _person(state, line)
    if not person.waiting:
        raise Impossible(
            person.id, f"{line.actor} vouches for {person.id}, who is not waiting to be admitted."
        )
    asked = person.applications[-1].mark.position  # who comes back is vouched for anew
    if any(voucher.actor == line.actor and voucher.position > asked for voucher in person.vouchers):
        raise Impossible(person.id, f"{line.actor} vouches for {person.id} twice.")
    person.vouchers.append(mark(line))


@folds("code_letter.vouched")
def letter_vouched(state: State, line: Line) -> None:
    """A member vouches that somebody is let in by a letter with a code."""
    person, voucher = _person(state, line), state.people.get(line.actor)
    joined = person.admission if person.belongs else None
    unit = joined.unit if joined else person.unit
    by = voucher.admission.unit if voucher and voucher.belongs and voucher.admission else ""
    person.letter_vouchers.append(LetterVoucher(mark(line), line.fields["second"], unit, by))


@folds("member.admitted")
def admitted(state: State, line: Line) -> None:
    """Somebody is a member from here on."""
    person, unit = _person(state, line), _unit(state, line)
    due = line.fields["due"]
    if person.belongs:
        raise Impossible(person.id, f"{person.id} is admitted a second time.")
    person.admissions.append(Admission(mark(line), unit, line.fields["ground"], due))
    state.joins[unit].append(line.position)
    state.present.add(person.id)
    state.time(line, due, person.id)


@folds("member.left")
def left(state: State, line: Line) -> None:
    """A member is gone."""
    person = _person(state, line)
    if not person.belongs:
        raise Impossible(person.id, f"{person.id} leaves without being a member.")
    person.departures.append(mark(line))
    state.present.discard(person.id)
    _asks_no_more(person, line)  # a new address waits for nobody who is gone
    state.leaves[person.admissions[-1].unit].append(line.position)


def _asks_no_more(person: Person, line: Line) -> None:
    """An address that was on its way is on its way no more."""
    if person.contact_asked is not None:
        person.reached[-1] = (person.reached[-1][0], line.position)
    person.contact_asked = None


@folds("contact.change_asked")
def change_asked(state: State, line: Line) -> None:
    """A member wants another address."""
    person = _person(state, line)
    person.contact_asked = (mark(line), line.fields["effective_at"])
    person.reached.append((line.position, None))
    state.contacts.append((mark(line), person.id, line.fields["effective_at"]))


@folds("contact.change_stopped")
def change_stopped(state: State, line: Line) -> None:
    """The change is stopped."""
    person = _person(state, line)
    if person.contact_asked is None:
        raise Impossible(person.id, f"No change of {person.id}'s contact was waiting.")
    state.contacts_stopped.append((mark(line), person.id))
    _asks_no_more(person, line)


@folds("contact.erased")
def contact_erased(state: State, line: Line) -> None:
    """Nothing leads to somebody any more."""
    person = _person(state, line)
    if person.contact_erased is not None:
        raise Impossible(person.id, f"{person.id}'s contact is erased a second time.")
    person.contact_erased, person.contact_asked = mark(line), None


@folds("contact.changed")
def changed(state: State, line: Line) -> None:
    """The new address takes effect."""
    person = _person(state, line)
    if person.contact_asked is None:
        raise Impossible(person.id, f"{person.id}'s contact changes although nobody had asked for it.")
    if line.fields["due"] != person.contact_asked[1]:
        raise Impossible(person.id, f"{person.id}'s contact changes at another time than was announced.")
    person.contact_asked = None
    state.time(line, line.fields["due"], person.id)
