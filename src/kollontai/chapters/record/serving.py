# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record as files over HTTP (C2SP tlog-tiles), and this installation as a witness of others.

The world sees the checkpoint, the key and the hash tiles. Bundles of entries are for members and those
who carry a pass: a stranger is told so with 403, and 404 only means that there is no such file.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from kollontai import clock
from kollontai.chapters.accounts import tries
from kollontai.chapters.record import witnessing
from kollontai.chapters.record.models import Organisation, WitnessedLog
from kollontai.chapters.record.readers import may_read_entries
from kollontai.openrecord import tiles
from kollontai.openrecord.errors import RecordError
from kollontai.openrecord.witness import LARGEST_REQUEST

FOR_EVER = "public, max-age=31536000, immutable"
FOR_MEMBERS = "private, max-age=31536000, immutable"
A_MOMENT = "public, max-age=3"
LONGEST_SLUG = 60


@require_safe
def checkpoint(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest checkpoint, with the witnesses' lines."""
    return _file(slug, "checkpoint", "text/plain; charset=utf-8", A_MOMENT)


@require_safe
def log_vkey(request: HttpRequest, slug: str) -> HttpResponse:
    """The key that checks the checkpoint. Better take it from a printed card than from here."""
    return _file(slug, "log.vkey", "text/plain; charset=utf-8", A_MOMENT)


@require_safe
def log_vkeys(request: HttpRequest, slug: str) -> HttpResponse:
    """Every key the record has had, where it has had more than one."""
    return _file(slug, "log.vkeys", "text/plain; charset=utf-8", A_MOMENT)


@require_safe
def tile(request: HttpRequest, slug: str, tile: str) -> HttpResponse:
    """A tile of hashes, or a bundle of entries; both never change once they are published."""
    try:
        name = tiles.parse_path(f"tile/{tile}")
    except RecordError as error:
        return _said(404, str(error))
    if name.level is None:
        organisation = Organisation.objects.filter(slug=slug).first()
        if organisation is None:
            return _no_such_file()
        if not may_read_entries(request, organisation):
            return _said(403, "Entries are for members of this organisation and for whoever carries a pass.")
    return _file(slug, name.path, "application/octet-stream", FOR_MEMBERS if name.level is None else FOR_EVER)


@csrf_exempt
@require_POST
def add_checkpoint(request: HttpRequest) -> HttpResponse:
    """Cosign another record's checkpoint, if it only grew (C2SP tlog-witness)."""
    at = clock.machine_time()
    try:
        tries.count(tries.COSIGN_BY_NETWORK, tries.asking(request), at=at)
    except tries.TooMany as error:
        response = _said(429, "Asked too often from this network.")
        response["Retry-After"] = str(error.seconds(at))
        return response
    body = request.read(LARGEST_REQUEST + 1)
    answer = witnessing.answer(body, at=at)
    return HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)


@require_safe
def witnessed_checkpoint(request: HttpRequest, origin_hash: str) -> HttpResponse:
    """What this installation last signed for an origin, by the hash of its name."""
    for log in WitnessedLog.objects.exclude(note=None):
        if witnessing.hash_of(log.origin) == origin_hash:
            response = HttpResponse(bytes(log.note or b""), content_type="text/plain; charset=utf-8")
            response["Cache-Control"] = A_MOMENT
            return response
    return _said(404, "No record of this origin is followed here.")


def _file(slug: str, path: str, kind: str, caching: str) -> HttpResponse:
    if len(slug) > LONGEST_SLUG:
        return _no_such_file()  # no folder can bear such a name
    try:
        data = (Path(settings.RECORD) / slug / path).read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return _no_such_file()
    response = HttpResponse(data, content_type=kind)
    response["Cache-Control"] = caching
    return response


def _no_such_file() -> HttpResponse:
    return _said(404, "There is no such file in this record.")


def _said(status: int, sentence: str) -> HttpResponse:
    """Say why not; nobody keeps this answer, because the file may be there, or the door open, in a moment."""
    response = HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response
