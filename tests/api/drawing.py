# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases for every route, drawn by schemathesis from the OpenAPI description, and the programs that send them.

Half of them fit the description and half do not. Most carry a member's key and ids of what is really there, so that
they come through to the acts. It takes seconds to read this in: test_contract.py does so when it draws.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import requests
import schemathesis
from django.apps import apps
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.transport import Response

from kollontai.api.urls import api
from kollontai.chapters.accounts import tokens
from kollontai.chapters.accounts.steps import account_for
from kollontai.chapters.record.models import Content, Head
from kollontai.followers import claims

AT = "http://testserver"
FITTING, NOT_FITTING = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
ROLES = {
    "ada": ("ada@example.org", ("read", "act", "vote"), 30),
    "the chair": ("hal@example.org", ("read", "act", "vote"), 30),
    "a reader": ("ben@example.org", ("read",), 30),
    "an actor": ("cleo@example.org", ("act",), 30),
    "a spent key": ("ada@example.org", ("read", "act", "vote"), 1),
    "a stranger": ("stranger@example.org", ("read", "act", "vote"), 30),
    "nobody": None,
    "a false key": None,
}
WHO = st.sampled_from([*["ada"] * 8, *["the chair"] * 3, *list(ROLES)[2:]])

load_all_checks()
DESCRIPTION = schemathesis.openapi.from_dict(api.get_openapi_schema())
ROUTES = {f"{one.ok().method.upper()} {one.ok().path}": one.ok() for one in DESCRIPTION.get_all_operations()}
HELD = CHECKS.get_by_names(
    ["not_a_server_error", "status_code_conformance", "content_type_conformance",
     "response_headers_conformance", "response_schema_conformance"]
)  # fmt: skip


class Programs:
    """Programs with every sort of key, and what they send."""

    def __init__(self, now: Any) -> None:
        self.client = Client(raise_request_exception=False)
        self.keys = {"nobody": "", "a false key": "kol_" + "x" * 43}
        given = [(who, one) for who, one in ROLES.items() if one]
        for who, (email, scopes, days) in given:
            account = account_for(email, at=now.time)
            _, self.keys[who] = tokens.make(account, label=who, scopes=scopes, days=days, at=now.time)
        now.move(days=1)  # and one of them is spent
        now.pass_to(now.time)
        models = [one for one in apps.get_models() if getattr(one, "table_kind", "") == "public"]
        self.ids = sorted(
            {str(key) for model in models for key in model.objects.values_list("pk", flat=True)[:20]}
        )
        self.answers: Counter[int] = Counter()

    def send(self, case: Any, who: str, luck: random.Random) -> Response:
        """Send a case as this program would, with real ids in most of the places for ids."""
        sent = case.as_transport_kwargs(base_url=AT)
        sent.pop("cookies", None)
        if isinstance(sent.get("json"), dict):
            for name in sent["json"]:
                if name.endswith("_id") and luck.random() < 0.8 and case.meta.generation.mode == FITTING:
                    sent["json"][name] = luck.choice(self.ids)
        headers = {name: value for name, value in sent.pop("headers").items() if name != "Authorization"}
        if self.keys[who]:
            headers["Authorization"] = f"Bearer {self.keys[who]}"
        asked = requests.Request(**sent, headers=headers).prepare()
        body = asked.body or b""
        answer = self.client.generic(
            asked.method,
            asked.path_url,
            body.encode() if isinstance(body, str) else body,
            content_type=asked.headers.get("Content-Type", ""),
            headers=dict(headers),
        )
        self.answers[answer.status_code] += 1
        content = b"".join(answer) if answer.streaming else answer.content
        told = {name: [value] for name, value in answer.headers.items()}
        return Response(answer.status_code, told, content, asked, elapsed=0.0, verify=False)


def _there(operation: Any) -> st.SearchStrategy[dict[str, Any]]:
    """What stands in the address of something that is there."""
    newest = Head.objects.get().size - 1
    shown = Content.objects.filter(held_until="", erased_at=None).order_by("commitment")
    blanks: dict[str, st.SearchStrategy[Any]] = {
        "slug": st.just("tidewater"),
        "name": st.sampled_from(sorted(claims.LISTS)),
        "position": st.integers(0, newest),
        "commitment": st.sampled_from([str(one) for one in shown.values_list("commitment", flat=True)]),
    }
    return st.fixed_dictionaries({one: blanks[one] for one in blanks if f"{{{one}}}" in operation.path})


def draws(route: str, now: Any, wanted: int, beginning: int) -> Counter[int]:
    """Draw and send so many cases for a route; how they were answered."""
    programs, operation = Programs(now), ROUTES[route]
    cases = st.one_of(
        _there(operation).flatmap(lambda path: operation.as_strategy(FITTING, path_parameters=path)),
        _there(operation).flatmap(lambda path: operation.as_strategy(FITTING, path_parameters=path)),
        operation.as_strategy(FITTING),
        operation.as_strategy(NOT_FITTING),
    )

    def answered(case: Any, who: str, luck: int) -> None:
        if programs.answers.total() >= wanted:
            return
        answer = programs.send(case, who, random.Random(luck))
        case.validate_response(answer, checks=HELD)

    while programs.answers.total() < wanted:
        left = wanted - programs.answers.total()
        drawn = settings(
            max_examples=left, database=None, phases=[Phase.generate], print_blob=False,
            suppress_health_check=list(HealthCheck), deadline=None,
        )(given(case=cases, who=WHO, luck=st.integers(0, 2**32))(answered))  # fmt: skip
        seed(beginning)(drawn)()
        beginning += 1
    return programs.answers
