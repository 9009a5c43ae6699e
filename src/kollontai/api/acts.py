# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every act as a route, made from the act itself: its name, its arguments, its words.

There is no list to forget something in: an act that exists has its route, and what has no act has none.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import ConfigDict, Field, create_model, model_validator

from kollontai.api.identity import caller
from kollontai.chapters.record import act as frame
from kollontai.chapters.record.act import Done
from kollontai.chapters.voting.boxes import Receipt
from kollontai.chapters.writing_in.written import WrittenIn
from kollontai.followers import letters

NO_TEXT = re.compile("[\0\ud800-\udfff]")
LIKE_AN_ID = Field(max_length=16)
VOTES = frozenset({"voting.cast_ballot"})
"""Acts that need the scope `vote`; every other needs `act`."""

BY_NEWCOMERS = frozenset({"members.apply"})
"""Acts for somebody who is not known here yet; they get a fresh id."""

NOT_HERE = frozenset({"bodies.open_founding", "members.ask_contact_change", "members.vouch_for_code_letter"})
"""Founding begins before anybody is a member; a new address is proved by a code in a browser; the code of a
letter is shown once, on a page to print it from."""

WITH_LETTERS = frozenset({"members.invite"})
"""Acts after which whoever they are about is written to, as on the page."""


class BallotReceipt(Schema):
    """What a voter takes home. Of a secret ballot it is kept nowhere, and comes in this answer alone.

    `commitment`: of an open ballot; of a secret one, the SHA-256 of the sealed ballot. `code` stands beside a
    secret ballot when all are published; `promise` is the record key's word that it lies in the box.
    """

    commitment: str
    code: str | None = None
    promise: str | None = None


class Performed(Schema):
    """An act was done. `positions` are its places on the record; empty while the receipt is under way.

    `receipt`: of a ballot. Whoever loses the one of a secret ballot gets no other. `slip`: the code by which
    what was written in for a neighbour is undone; it comes in this answer alone.
    """

    ticket: str
    positions: list[int]
    id: str | None = None
    receipt: BallotReceipt | None = None
    slip: str | None = None


class Refused(Schema):
    """Why an act may not be done."""

    code: str
    article: int
    until: str | None = None
    sentence: str


class Problem(Schema):
    """What was wrong with a request."""

    detail: Any


ERRORS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 415, 422, 429), Problem)
"""What any route may answer: unreadable, no key, not for this key, not there, no JSON, unfit, too often."""


def router() -> Router:
    """Make the routes of all acts."""
    frame.discover()
    routes = Router(tags=["acts"])
    for name in sorted(frame.ACTS):
        if name not in NOT_HERE and frame.ACTS[name].__module__.startswith("kollontai.chapters."):
            _add(routes, name, frame.ACTS[name])
    return routes


def _add(routes: Router, name: str, perform: Callable[..., Done[Any]]) -> None:
    chapter, act_name = name.split(".")
    shape = _shape_of(act_name, perform)
    links_account = "account_id" in inspect.signature(inspect.unwrap(perform)).parameters
    scope = "vote" if name in VOTES else "act"

    def view(request: HttpRequest, response: HttpResponse, slug: str, data: Any) -> Performed:
        who = caller(request, slug, scope, newcomer=name in BY_NEWCOMERS)
        given = {field: getattr(data, field) for field in shape.model_fields}
        if links_account:
            given["account_id"] = who.account_id
        done = perform(who.actor, **given)
        if name in WITH_LETTERS:
            letters.ask_in(who.organisation, done.value)
        receipt = _receipt_of(done.value)
        slip = done.value.slip if isinstance(done.value, WrittenIn) else None
        if receipt is not None or slip is not None:
            response["Cache-Control"] = "no-store"
        return Performed(
            ticket=done.ticket,
            positions=list(done.positions),
            id=_id_of(done.value),
            receipt=receipt,
            slip=slip,
        )

    view.__name__ = act_name
    view.__doc__ = perform.__doc__
    view.__annotations__ = {
        "request": HttpRequest,
        "response": HttpResponse,
        "slug": str,
        "data": shape,
        "return": Performed,
    }
    routes.post(
        f"/{{slug}}/acts/{chapter}/{act_name}",
        response={200: Performed, 409: Refused, **ERRORS},
        operation_id=f"{chapter}_{act_name}",
        summary=(perform.__doc__ or act_name).strip().splitlines()[0],
        description=f"{inspect.getdoc(perform)}\n\nScope: {scope}.",
    )(view)


def _shape_of(act_name: str, perform: Callable[..., Any]) -> type[Schema]:
    """A schema with one field for each argument of the act; unknown fields are refused."""
    inner = inspect.unwrap(perform)
    hints = typing.get_type_hints(inner)
    fields: dict[str, Any] = {}
    for parameter in list(inspect.signature(inner).parameters.values())[1:]:
        if parameter.name == "account_id":
            continue  # always the caller's own
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        kind = (
            Annotated[hints[parameter.name], LIKE_AN_ID]
            if parameter.name.endswith("_id")
            else hints[parameter.name]
        )
        fields[parameter.name] = (kind, default)
    title = "".join(part.capitalize() for part in act_name.split("_"))
    return create_model(title, __base__=_Strict, **fields)


class _Strict(Schema):
    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _holds_only_text(cls, given: Any) -> Any:
        """JSON can spell what is no text: half a sign, or a NUL byte, which no database keeps."""
        waiting = [given]
        while waiting:
            value = waiting.pop()
            if isinstance(value, dict):
                waiting += [*value, *value.values()]
            elif isinstance(value, list):
                waiting += value
            elif isinstance(value, str) and NO_TEXT.search(value):
                raise ValueError("a text holds a NUL byte or half of a surrogate pair")
        return given


def _id_of(value: object) -> str | None:
    found = getattr(value, "pk", None)
    return None if found is None else str(found)


def _receipt_of(value: object) -> BallotReceipt | None:
    if not isinstance(value, Receipt):
        return None
    return BallotReceipt(commitment=value.commitment, code=value.code or None, promise=value.promise or None)
