# SPDX-License-Identifier: AGPL-3.0-or-later
"""Secret boxes: marks on the roll and sealed ballots, kept apart.

Voting marks a row of the roll, without a time, and lays a sealed ballot under a random name. Both are
written in one transaction, so while a vote runs a thief of the disk and of the keys could put them together
again; after the count the key is gone, the sealed ballots are deleted, and whatever is left of them in old
pages, logs and copies opens for nobody. No entry is made until the count (docs/ballots.md).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from kollontai.chapters.record import by_hand
from kollontai.chapters.record.act import Act, Refusal, require
from kollontai.chapters.record.rows import one_of
from kollontai.chapters.voting.boxes import sealing
from kollontai.chapters.voting.boxes.box import Emptied, Receipt, Spoilt
from kollontai.chapters.voting.choices import Choice, Unusable, choose
from kollontai.chapters.voting.models import LotShare, Poll, SealedBallot, SecretBox, Voter
from kollontai.openrecord.kinds.boxes import BoxCounted, BoxLost, BoxOpened


class SeparatedBox:
    """Secret from everybody but, while the vote runs, from whoever runs the server; the paper says so."""

    def open(
        self, this: Act, poll: Poll, *, seats: int, rule: str, most_ranks: int, lots_until: datetime
    ) -> None:
        """Make the key, and fix the server's secret for the lot before anybody votes."""
        key = sealing.create(this.organisation, poll.pk)
        fact = BoxOpened(
            poll=poll.pk,
            key=key.public,
            size=sealing.size_for(poll.options, most_ranks),
            seats=seats,
            rule=rule,
            most_ranks=most_ranks,
            lot=key.lot,
            lots_until=lots_until,
        )
        this.record(fact)
        SecretBox.objects.create(
            poll=poll,
            organisation_id=this.organisation_id,
            key=fact.key,
            size=fact.size,
            seats=seats,
            rule=rule,
            most_ranks=most_ranks,
            lot=fact.lot,
            lots_until=lots_until,
            state="open",
        )

    def most_ranks(self, poll: Poll) -> int | None:
        """As many as the paper says."""
        return _box_of(poll).most_ranks

    def put(self, this: Act, poll: Poll, choice: Choice, *, code: str = "") -> Receipt:
        """Mark the voter, lay the ballot beside; say nothing of it anywhere."""
        marked = by_hand.change(
            "UPDATE voting_voter SET marked = %s WHERE poll_id = %s AND member_id = %s AND NOT marked",
            [True, poll.pk, this.actor],
        )
        _each_once(marked, of=1)
        code = sealing.draw_code(code)
        ballot = self._seal(this, poll, code, choice)
        by_hand.change(
            "INSERT INTO voting_sealedballot (id, organisation_id, poll_id, sealed) VALUES (%s, %s, %s, %s)",
            [ballot.pk, this.organisation_id, poll.pk, ballot.sealed],
        )
        this.evidence_follows = True
        digest = sha256(ballot.sealed).hexdigest()
        return Receipt(this.actor, digest, code, sealing.promise(this.organisation, poll.pk, digest))

    def put_each(self, this: Act, poll: Poll, choices: Mapping[str, Choice]) -> None:
        """Mark the voters, lay their ballots beside, in an order that says nothing."""
        unmarked = Voter.objects.filter(poll=poll, member__in=list(choices), marked=False)
        _each_once(unmarked.update(marked=True), of=len(choices))
        ballots = [self._seal(this, poll, sealing.draw_code(), choice) for choice in choices.values()]
        SealedBallot.objects.bulk_create(sorted(ballots, key=lambda ballot: ballot.pk), batch_size=500)
        this.evidence_follows = True

    def _seal(self, this: Act, poll: Poll, code: str, choice: Choice) -> SealedBallot:
        box = _box_of(poll)
        sealed = sealing.seal(box.key, box.size, code, choice.plain())
        return SealedBallot(
            id=secrets.token_hex(16), organisation_id=this.organisation_id, poll=poll, sealed=sealed
        )

    def how_many(self, poll: Poll) -> int:
        """Count the marks."""
        return Voter.objects.filter(poll=poll, marked=True).count()

    def empty(self, this: Act, poll: Poll) -> Emptied:
        """Open every ballot; marks and ballots must be equally many, and each must be one of this paper."""
        key = sealing.load(this.organisation, poll.pk)
        if key is None or (key.public, key.lot) != (poll.secret_box.key, poll.secret_box.lot):
            raise Spoilt("key-missing")
        lying = [
            bytes(sealed)
            for sealed in SealedBallot.objects.filter(poll=poll).values_list("sealed", flat=True)
        ]
        cast = self.how_many(poll)
        if len(lying) != cast:
            raise Spoilt("ballots-differ")
        try:
            opened = sorted((sealing.unseal(key, sealed) for sealed in lying), key=lambda one: one[0])
            choices = tuple(self._read(poll, said) for _code, said in opened)
        except (sealing.Unreadable, Unusable):
            raise Spoilt("unreadable") from None
        hashes = tuple(sorted(sha256(sealed).hexdigest() for sealed in lying))
        return Emptied(choices, cast, hashes, tuple(opened), key.secret)

    def _read(self, poll: Poll, said: dict[str, object]) -> Choice:
        ranking, option = said.get("ranking"), said.get("choice")
        if isinstance(ranking, list):
            return choose(poll.form, poll.options, ranking=[[name] for name in ranking])
        return choose(poll.form, poll.options, option=str(option))

    def publish(self, this: Act, poll: Poll, emptied: Emptied) -> None:
        """Show the ballots without names, sorted by their codes; destroy the box and its key."""
        box = poll.secret_box
        silent = LotShare.objects.filter(poll=poll, sentence=None).order_by("member")
        fact = BoxCounted(
            poll=poll.pk,
            cast=emptied.cast,
            secret=emptied.secret.hex(),
            silent=tuple(silent.values_list("member", flat=True)),
        )
        shown = {"ballots": [[code, said] for code, said in emptied.opened]}
        words = this.record(fact, box=_text(emptied.sealed), ballots=_text(shown))
        box.secret, box.state = fact.secret, "counted"
        box.sealed, box.ballots = words["box"], words["ballots"]
        box.save(update_fields=["secret", "state", "sealed", "ballots"])
        self._destroy(this, poll)

    def annul(self, this: Act, poll: Poll, why: str, due: datetime) -> None:
        """Say in public that nothing can be counted here; destroy what is left."""
        this.record(BoxLost(poll=poll.pk, why=why, due=due))
        SecretBox.objects.filter(poll=poll).update(state="lost")
        Voter.objects.filter(poll=poll).update(marked=False)  # who took part in nothing, need not be known
        self._destroy(this, poll)

    def _destroy(self, this: Act, poll: Poll) -> None:
        SealedBallot.objects.filter(poll=poll).delete()
        organisation, poll_id = this.organisation, poll.pk
        this.once_committed.append(lambda: sealing.destroy(organisation, poll_id))


def _box_of(poll: Poll) -> SecretBox:
    """The box of a poll, read by hand where it was not read yet: every ballot asks."""
    if not Poll.secret_box.is_cached(poll):
        found = one_of(SecretBox, poll.organisation_id, poll.pk)
        assert found is not None
        poll.secret_box = found
    return poll.secret_box


def _each_once(marked: int, *, of: int) -> None:
    if marked != of:  # two windows at once: the first one's mark stands, this act is undone
        require(Refusal("already-voted", 12))


def _text(said: object) -> str:
    return json.dumps(said, separators=(",", ":"), sort_keys=True)
