# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads: the same claims that every export holds, list by list, and the words beside them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from ninja.errors import HttpError

from kollontai.api.acts import ERRORS
from kollontai.api.identity import caller, reader
from kollontai.chapters.record import readers
from kollontai.chapters.record.models import Content, EntryRow, Head, Organisation
from kollontai.followers import claims, export
from kollontai.openrecord import entries

MOST = 500
routes = Router(tags=["reads"])


class Me(Schema):
    """Whose key this is."""

    organisation: str
    member: str
    standing: str
    unit: str


class Page(Schema):
    """Part of a list, in the order of the export."""

    name: str
    total: int
    rows: list[dict[str, Any]]


class Size(Schema):
    """How far the record reaches."""

    origin: str
    size: int
    checkpoint: str


class EntryOut(Schema):
    """An entry as it stands on the record."""

    position: int
    leaf: str
    entry: dict[str, Any]


@routes.get("/{slug}/me", response={200: Me, **ERRORS})
def me(request: HttpRequest, slug: str) -> Me:
    """Say whose key this is."""
    who = caller(request, slug, "read")
    assert who.member is not None
    return Me(
        organisation=who.organisation.pk,
        member=who.member.pk,
        standing=who.member.standing,
        unit=who.member.unit_id,
    )


@routes.get("/{slug}/lists", response={200: list[str], **ERRORS})
def lists(request: HttpRequest, slug: str) -> list[str]:
    """Name every list there is."""
    reader(request, slug)
    return sorted(claims.LISTS)


@routes.get("/{slug}/lists/{name}", response={200: Page, **ERRORS})
def one_list(
    request: HttpRequest,
    slug: str,
    name: str,
    start: int = Query(0, ge=0),
    most: int = Query(100, ge=1, le=MOST),
) -> Any:
    """Read part of a list: units, members, posts, issues, drafts, contributions, polls, …"""
    who = reader(request, slug)
    if name not in claims.LISTS:
        raise HttpError(404, f"There is no list {name[:40]}; /lists names them.")
    rows = claims.LISTS[name](who.organisation.pk)
    return Page(name=name, total=len(rows), rows=rows[start : start + most])


@routes.get("/{slug}/contents/{commitment}", response={200: dict[str, Any], **ERRORS})
def content(request: HttpRequest, slug: str, commitment: str) -> Any:
    """Read the words of a commitment, with the salt that opens it."""
    who = reader(request, slug)
    found = get_object_or_404(
        Content,
        organisation=who.organisation,
        commitment=commitment,
        audience__in=export.AUDIENCES,
        held_until="",
        erased_at=None,
    )
    return HttpResponse(export.content_file(found), content_type="application/json")


@routes.get("/{slug}/record", response={200: Size, **ERRORS})
def record(request: HttpRequest, slug: str) -> Size:
    """Say how far the record reaches, with its signed checkpoint."""
    who = reader(request, slug)
    head = Head.objects.get(pk=who.organisation.pk)
    return Size(
        origin=who.organisation.origin, size=head.size, checkpoint=bytes(head.checkpoint).decode("utf-8")
    )


@routes.get("/{slug}/record/entries/{position}", response={200: EntryOut, **ERRORS})
def entry(request: HttpRequest, slug: str, position: int) -> EntryOut:
    """Read one entry."""
    who = reader(request, slug)
    row = get_object_or_404(EntryRow, organisation=who.organisation, position=min(position, 2**62))
    return EntryOut(
        position=row.position, leaf=bytes(row.leaf).hex(), entry=entries.read_core(bytes(row.data))
    )


@readers.let_read
def by_token(request: HttpRequest, organisation: Organisation) -> bool:
    """Let a program read bundles of entries with a key that may read."""
    from kollontai import clock
    from kollontai.chapters.accounts import tokens
    from kollontai.chapters.members import queries as members

    word, _, secret = request.headers.get("Authorization", "").partition(" ")
    token = tokens.find(secret, at=clock.now()) if word == "Bearer" and secret else None
    if token is None or not tokens.allows(token, "read"):
        return False
    member = members.member_for(organisation, token.account)
    return member is not None and member.standing == "member"
