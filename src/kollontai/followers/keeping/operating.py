# SPDX-License-Identifier: AGPL-3.0-or-later
"""The entries of whoever runs the server: another release, another key (article 14)."""

from __future__ import annotations

from kollontai.chapters.charter import articles
from kollontai.chapters.charter.queries import charter_in_force
from kollontai.chapters.record import keys, publishing, sequencer
from kollontai.chapters.record.act import Act, perform_for_operator
from kollontai.chapters.record.models import EntryRow, Head, Organisation, Outbox
from kollontai.followers.keeping.backup import NotNow, release
from kollontai.openrecord.entries import from_bytes
from kollontai.openrecord.facts import Fact
from kollontai.openrecord.keys import SigningKey
from kollontai.openrecord.kinds.founding import SoftwareUpgraded
from kollontai.openrecord.kinds.operators import KeyRotated
from kollontai.openrecord.rotation import rotated


def record(organisation: Organisation, fact: Fact, **texts: str) -> int:
    """Put an operator's entry on a record, give it its position, and publish; return the size."""

    def run(this: Act) -> None:
        this.record(fact, **texts)

    perform_for_operator(organisation.pk, fact.kind_name, run)
    return sequencer.sequence(organisation.pk)


def last_of(organisation: Organisation, kind: type[Fact]) -> Fact | None:
    """The last entry of a kind on a record, sequenced or still waiting."""
    for table in (Outbox.objects.order_by("-id"), EntryRow.objects.order_by("-position")):
        row = table.filter(organisation=organisation, kind=kind.kind_name).first()
        if row is not None:
            return from_bytes(bytes(row.data)).fact
    return None


# --- Another release ---------------------------------------------------------------------------------


def unknown_articles(organisation: Organisation) -> str:
    """Why this release cannot keep an organisation, whose articles it does not carry; or nothing."""
    signed = charter_in_force(organisation.pk)
    if signed.articles_sha256 in articles.every():
        return ""
    anew = " `kollontai demo --again` builds it anew." if organisation.demo else ""
    return (
        f"{organisation.slug} adopted articles that this release does not carry (version "
        f"{signed.articles_version}, {signed.articles_sha256[:12]}…), and no release changes them: keep it "
        f"with a release that carries them.{anew}"
    )


def refuse_unknown_articles(organisation: Organisation) -> None:
    """Stop before anything is done under rules that nobody adopted."""
    sentence = unknown_articles(organisation)
    if sentence:
        raise NotNow(sentence)


def upgrade(organisation: Organisation) -> bool:
    """Say on the record that another release keeps it, where that is so; tell whether it was said.

    No article and no limit changes by it: those are the members' to change. A demonstration says nothing,
    because it is the same whichever release builds it.
    """
    if organisation.demo or organisation.founded_at is None:
        return False
    refuse_unknown_articles(organisation)
    now = articles.read()
    fact = SoftwareUpgraded(release(), now.version, now.sha256)
    if last_of(organisation, SoftwareUpgraded) == fact:
        return False
    record(organisation, fact)
    return True


# --- Another key -------------------------------------------------------------------------------------


def rotate(organisation: Organisation) -> SigningKey:
    """Give a record another key, brought in by the old one; from then on both sign. Begun again, it goes on.

    The next key lies in its place, and signs beside the present one, before the entry is made: so whoever is
    stopped in the midst of it leaves nothing that does not hold, and does it again.
    """
    if keys.old_path(organisation).exists() and not keys.is_changing(organisation):
        if publishing.shows_its_key(organisation):
            raise NotNow(
                "The key before the present one still signs: end that first with --end, once the witnesses "
                "know the present one."
            )
        publishing.write_verifiers(organisation, organisation.pk)
        return keys.load(organisation)
    old = keys.load(organisation)
    new = keys.draw_next(organisation)
    last = last_of(organisation, KeyRotated)
    said = isinstance(last, KeyRotated) and last.public == new.verifier.public.hex()
    if not said:
        number = last.number + 1 if isinstance(last, KeyRotated) else 2
        record(organisation, rotated(number, old, new))
    _settled(organisation)
    keys.change_places(organisation)
    publishing.write_verifiers(organisation, organisation.pk)
    return new


def _settled(organisation: Organisation) -> None:
    """See that what the world sees bears both signatures before the old key steps aside."""
    sequencer.sequence(organisation.pk)
    head = Head.objects.get(pk=organisation.pk)
    if (
        publishing.published_size(organisation) < head.size
        or Outbox.objects.filter(organisation=organisation).exists()
    ):
        raise NotNow("The new key is on the record, but not everything is published yet: do it once more.")


def end_old_key(organisation: Organisation) -> None:
    """Destroy the key before the present one: from here on the present one signs alone."""
    path = keys.old_path(organisation)
    if keys.is_changing(organisation):
        raise NotNow("The new key has not taken its place yet: finish that first, without --end.")
    if path.exists():
        _settled(organisation)
        publishing.write_verifiers(organisation, organisation.pk)
    if not keys.destroy(path):
        raise NotNow(f"{organisation.slug} is signed by one key alone already.")
