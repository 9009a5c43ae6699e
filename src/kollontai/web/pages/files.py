# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that came with words, as a page lists them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from kollontai.chapters.deliberation.attaching import PDF
from kollontai.chapters.deliberation.models import Attachment
from kollontai.web.house import House


@dataclass(frozen=True)
class Shown:
    """A file on a page."""

    name: str
    address: str
    picture: bool
    kilobytes: int


def find(house: House, attachment_id: str) -> Attachment | None:
    """A file that this reader may have, while it is there."""
    found = Attachment.objects.visible_to(house.me).select_related("name", "file")
    one = found.filter(organisation=house.organisation, pk=attachment_id).first()
    return None if one is None or one.file.erased else one


def file_name(one: Attachment) -> str:
    """What a file is called in an address."""
    return "paper.pdf" if one.form == PDF else "picture.jpg"


def of(slug: str, **which: Iterable[str]) -> dict[str, list[Shown]]:
    """The files of some contributions, letters, drafts or amendments, by their ids; in one query. Give one of
    them."""
    [(to, ids)] = which.items()
    shown: dict[str, list[Shown]] = {}
    for one in Attachment.objects.filter(**{f"{to}__in": list(ids)}).with_names():
        if not one.name.erased:
            address = reverse("attachment", args=[slug, one.pk, file_name(one)])
            kilobytes = -(-one.size // 1024)
            made = Shown(str(one.name), address, one.form != PDF, kilobytes)
            shown.setdefault(getattr(one, f"{to}_id"), []).append(made)
    return shown
