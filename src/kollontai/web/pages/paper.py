# SPDX-License-Identifier: AGPL-3.0-or-later
"""The paper of an issue as a PDF file: typeset by Typst from data, in a template that is ours."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import F
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kollontai.chapters.deliberation.models import Alternative, Draft, DraftVersion, Issue
from kollontai.web import texts
from kollontai.web.erased import erased_how
from kollontai.web.house import House
from kollontai.web.pages import amendments as pages
from kollontai.web.times import day, moment

if TYPE_CHECKING:
    from kollontai.web.pages.amendments import AmendmentShown, AmendmentsShown

TEMPLATE = Path(__file__).parents[1] / "typeset" / "issue.typ"
LONGEST = 1_000_000
"""Signs of data that are typeset at most: some 250 pages, two or three seconds."""
KEPT = 60
"""Seconds for which a paper is kept while nothing happens."""

Part = tuple[Draft, DraftVersion, "AmendmentsShown", list[tuple[list[int], Alternative]]]
"""A draft, its newest version, its amendments, and its alternatives by the numbers of their amendments."""


class TooLong(Exception):
    """There is more on the issue than one file holds."""


class NoTypeface(Exception):
    """Some sign stands in no typeface that this machine has."""


def parts(house: House, issue: Issue) -> list[Part]:
    """Every draft of an issue with what belongs to it, in the order they were put."""
    drafts = list(issue.drafts.select_related("mover__name").order_by("put_at", "letter"))
    versions = DraftVersion.objects.filter(draft__in=drafts, version=F("draft__version"))
    newest = {one.draft_id: one for one in versions.select_related("title", "text")}
    amended = pages.of_drafts(house, issue, drafts)
    written = list(issue.alternatives.select_related("text").order_by("pk"))
    numbers = dict(issue.amendments.values_list("pk", "number"))
    return [
        (draft, newest[draft.pk], amended[draft.pk], [
            (sorted(numbers[name] for name in one.amendments), one)
            for one in written if one.draft_id == draft.pk
        ])
        for draft in drafts
    ]  # fmt: skip


def pdf(house: House, issue: Issue) -> bytes:
    """The paper as a tagged PDF file (PDF/UA-1). Raises TooLong and NoTypeface."""
    key = f"paper:{issue.pk}:{house.stands.root}:{house.now:%Y%m%d%H%M}:{get_language()}"
    kept = None if house.stands.waits else cache.get(key)
    if kept is None:
        kept = typeset(data_of(house, issue, parts(house, issue)))
        cache.set(key, kept, KEPT)
    return bytes(kept)


def typeset(paper: dict[str, Any], template: Path = TEMPLATE, *, every_sign: bool = True) -> bytes:
    """Let Typst make the file; members' words reach it as data alone, and it reads no other file.

    Where a sign is in no typeface, NoTypeface is raised; without `every_sign` a box stands for it.
    """
    import typst  # not before somebody wants a paper: it holds its fonts in memory

    said = json.dumps(paper, ensure_ascii=False)
    if len(said) > LONGEST:
        raise TooLong
    for own_fonts_alone in (True, False):  # the machine's typefaces only where ours lack a sign
        try:
            return bytes(
                typst.compile(
                    str(template), root=str(template.parent), font_paths=[],
                    ignore_system_fonts=own_fonts_alone, sys_inputs={"paper": said},
                    pdf_standards=["ua-1"] if every_sign else [],
                )
            )  # fmt: skip
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise
    raise NoTypeface


def data_of(house: House, issue: Issue, found: Sequence[Part]) -> dict[str, Any]:
    """What the paper says, as plain JSON values."""
    return {
        "lang": (get_language() or "en").partition("-")[0],
        "title": str(issue.title),
        "label": _("Issue %(n)s · %(unit)s") % {"n": issue.number, "unit": issue.unit.name},
        "lead": _("Every draft with its amendments, as they stood %(when)s.") % {"when": moment(house.now)},
        "drafts": [_draft(*part) for part in found],
    }


def _draft(
    draft: Draft, newest: DraftVersion, shown: AmendmentsShown, alternatives: Iterable[Any]
) -> dict[str, Any]:
    meta = [_("Version %(n)s, %(when)s") % {"n": newest.version, "when": day(newest.at)}]
    if draft.mover is not None:
        meta.append(_("moved by %(who)s") % {"who": str(draft.mover.name) or _("a member")})
    if draft.withdrawn_at is not None:
        meta.append(_("taken back"))
    return {
        "heading": _("Draft %(letter)s") % {"letter": draft.letter},
        "title": erased_how(newest.text) if newest.text.erased else str(newest.title),
        "meta": ", ".join(meta),
        "lines": _lines(newest.text),
        "amendments": [_amendment(one) for one in shown.all if one.state != "withdrawn"],
        "alternatives": [
            {
                "heading": _("On the ballot: %(letter)s with amendment %(numbers)s")
                % {"letter": draft.letter, "numbers": ", ".join(map(str, numbers))},
                "lines": _lines(one.text),
            }
            for numbers, one in alternatives
        ],
    }


def _amendment(one: AmendmentShown) -> dict[str, Any]:
    who = str(one.row.mover.name) or _("a member")
    meta = [
        ngettext("By %(who)s; %(n)s supporter.", "By %(who)s; %(n)s supporters.", one.supporters)
        % {"who": who, "n": one.supporters}
    ]
    if one.parent:
        meta.append(_("To amendment %(n)s.") % {"n": one.parent})
    if one.conflicts:
        meta.append(f"{_('Conflicts with')} {', '.join(map(str, one.conflicts))}.")
    meta.append(_("Against version %(n)s.") % {"n": one.version})
    return {
        "heading": f"{_('Amendment %(n)s') % {'n': one.number}}: {one.state_words}",
        "meta": " ".join(meta),
        "reasons": [line["text"] for line in _lines(one.reasons)] if one.reasons else [],
        "sentence": one.difference.sentence,
        "lines": [
            {
                "sign": line.sign, "number": line.number, "text": line.text, "skipped": line.skipped,
                "pieces": [{"sign": piece.sign, "text": piece.text} for piece in line.pieces],
            }
            for line in one.difference.lines
        ],
    }  # fmt: skip


def _lines(text: object) -> list[dict[str, Any]]:
    return [line._asdict() for line in texts.lines(str(text)) if line.text.strip()]
