# SPDX-License-Identifier: AGPL-3.0-or-later
"""Look the house over and say, line by line, what is in order and what is not."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import click

from kollontai.cli.house import open_house, stop

Finding = tuple[bool, str]


@click.command(epilog="Example: kollontai doctor --mail-to me@example.org")
@click.option(
    "--mail-to", metavar="ADDRESS", default="", help="Send a letter there, and say what came of it."
)
def doctor(mail_to: str) -> None:
    """Look over tables, keys, records, clock, disk and post. Changes nothing."""
    open_house()
    bad = 0
    looks: list[Callable[[], Iterator[Finding]]] = [
        _tables,
        _disk,
        _left_behind,
        _keys,
        _articles,
        _standing,
        _records,
        _clock,
        _post,
        _health,
    ]
    if mail_to:
        looks.append(partial(_letter, mail_to))
    for look in looks:
        for fine, sentence in _carefully(look):
            click.echo(f"{'  fine  ' if fine else '  LOOK  '} {sentence}")
            bad += not fine
    if bad:
        stop(f"{bad} thing{'' if bad == 1 else 's'} to look at.")


def _carefully(look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except Exception as error:  # a doctor who faints helps nobody
        name = getattr(look, "__name__", "letter").strip("_")
        yield False, f"{name}: {type(error).__name__}: {str(error).splitlines()[0][:200]}"


def _tables() -> Iterator[Finding]:
    from django.db import connection

    from kollontai.chapters.record import tables

    missing = tables.missing()
    yield not missing, (
        f"Of the tables {missing} change{'' if missing == 1 else 's'} of this release "
        f"{'is' if missing == 1 else 'are'} missing: kollontai migrate." if missing else
        f"The tables of this release are there ({connection.vendor})."
    )  # fmt: skip


def _disk() -> Iterator[Finding]:
    from django.conf import settings

    free = shutil.disk_usage(settings.HOME).free // 2**20
    yield free > 500, f"{free} MB are free where {settings.HOME} lies."


def _left_behind() -> Iterator[Finding]:
    from kollontai.followers import scratch

    for place in scratch.left():
        yield (
            False,
            f"{place} was left behind by something that was killed, and holds a copy in clear: the next "
            "backup, drill, restore or own audit clears it away.",
        )


def _keys() -> Iterator[Finding]:
    from django.conf import settings

    from kollontai.chapters.record import keys
    from kollontai.chapters.record.models import Organisation

    if settings.KEYS.exists():
        mode = stat.S_IMODE(settings.KEYS.stat().st_mode)
        yield (
            not mode & 0o077,
            f"The keys' folder has mode {mode:o}{'' if not mode & 0o077 else '; it should be 700'}.",
        )
    for organisation in Organisation.objects.order_by("slug"):
        key = keys.load(organisation)
        yield key.name == organisation.origin, f"{organisation.slug}: the signing key belongs to {key.name}."


def _articles() -> Iterator[Finding]:
    from kollontai.chapters.charter import articles
    from kollontai.chapters.charter.queries import charter_in_force
    from kollontai.chapters.record.models import Organisation
    from kollontai.followers.keeping import operating

    for organisation in Organisation.objects.order_by("slug"):
        sentence, adopted = operating.unknown_articles(organisation), charter_in_force(organisation.pk)
        if sentence:
            yield False, sentence
        elif adopted.articles_version != articles.read().version:
            yield (
                True,
                (
                    f"{organisation.slug} goes on under version {adopted.articles_version} of the articles, "
                    f"which its founders signed; who founds today signs version {articles.read().version}."
                ),
            )


def _standing() -> Iterator[Finding]:
    from kollontai.chapters.record import standing
    from kollontai.chapters.record.models import Organisation

    for organisation in Organisation.objects.order_by("slug"):
        sentence = standing.why(organisation.pk)
        if sentence:
            yield False, f"{organisation.slug}: {sentence}"


def _records() -> Iterator[Finding]:
    from kollontai.chapters.record import publishing, sequencer
    from kollontai.chapters.record.models import Head, Organisation, Outbox

    for organisation in Organisation.objects.order_by("slug"):
        head = Head.objects.select_related("organisation").get(pk=organisation.pk)
        try:
            sequencer.refuse_when_ahead(head)
        except sequencer.RecordIsAhead as error:
            yield False, str(error)
            continue
        waiting = Outbox.objects.filter(organisation=organisation).count()
        seen = publishing.published_head(organisation)
        published = seen.size if seen else 0
        yield (
            waiting == 0 and published == head.size,
            f"{organisation.slug}: {head.size} entries, {published} published, {waiting} waiting.",
        )


def _clock() -> Iterator[Finding]:
    from kollontai import clock
    from kollontai.chapters.record.models import Deadline

    late = Deadline.objects.filter(done_at=None, due__lt=clock.now() - timedelta(minutes=5))
    failing = [f"{row.act} ({row.failed})" for row in late.exclude(failed="")[:5]]
    if failing:
        yield False, "Could not be performed: " + "; ".join(failing)
    count = late.count()
    yield not count, f"{count} deadlines are overdue." if count else "No deadline is overdue."


def _post() -> Iterator[Finding]:
    from django.conf import settings

    from kollontai import clock
    from kollontai.chapters.accounts import post

    failed, given_up = post.stuck().count(), post.given_up().count()
    if settings.DEMO:
        yield True, "A demonstration sends no mail; its outbox page shows it."
    elif not settings.EMAIL_HOST:
        yield False, "No mail server is set up (KOLLONTAI_SMTP_HOST): nobody outside can sign in by code."
    else:
        yield True, f"Mail goes out through {settings.EMAIL_HOST}."
        yield "localhost" not in settings.SITE, f"Letters lead to {settings.SITE} (KOLLONTAI_SITE)."
    going = settings.DEMO or post.goes_out(at=clock.now())
    yield going, f"{failed} messages could not be sent so far." if failed else "No message is stuck."
    if given_up:
        yield True, f"{given_up} messages were given up; `kollontai outbox` shows them for a month."


def _health() -> Iterator[Finding]:
    """What the address /healthz would say, so that both say the same."""
    from kollontai import clock
    from kollontai.followers.keeping.health import look

    health = look(at=clock.now())
    for reason in health.reasons:
        yield False, f"/healthz says: {reason}."
    audit = health.figures["audit"]
    yield (
        True,
        f"{audit['audited']} of {audit['records']} records were audited, "
        f"the oldest {audit['oldest_hours']} h ago.",
    )


def _letter(to: str) -> Iterator[Finding]:
    from django.conf import settings

    from kollontai.chapters.accounts import post

    if settings.DEMO:
        yield False, "A demonstration sends no mail, this letter neither."
        return
    if not post.is_set_up():
        yield False, f"No letter to {to}: no mail server is set up (KOLLONTAI_SMTP_HOST)."
        return
    body = f"This house can send you letters. Its pages are at {settings.SITE}\n"
    wrong = post.send_now(to, "A letter from the doctor", body)
    door = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    yield (
        not wrong,
        (
            f"No letter to {to} through {door}: {wrong}"
            if wrong
            else f"{door} took a letter to {to} from {settings.DEFAULT_FROM_EMAIL}. Look where it comes."
        ),
    )
