# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever is sent to any route, by whomever, is answered as the OpenAPI description says: status, type and shape.

Cases are drawn from the description itself (drawing.py). `make test` draws some for each route, `make test-long`
50,000; each route starts from a seed of its own, so a failure comes again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from kollontai.api.urls import api
from tests import prepared
from tests.tampering.organisation import Tidewater, build

pytestmark = pytest.mark.django_db

SHORT, LONG = 6, 50_000
ROUTES = [
    f"{method} /api/v1{path}"
    for _, router in api._routers
    for path, view in router.path_operations.items()
    for operation in view.operations
    for method in operation.methods
]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of refusals are what is looked for here; nobody reads of each."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@prepared.once
def tidewater(now: Any) -> Tidewater:
    """An organisation with something of everything in it."""
    return build(now)


@pytest.mark.any_database
def test_each_route_is_described_and_what_is_described_is_a_route() -> None:
    from tests.api import drawing

    assert sorted(ROUTES) == sorted(drawing.ROUTES)


@pytest.mark.parametrize("route", ROUTES)
def test_a_route_answers_as_it_is_described(route: str, now: Any) -> None:
    from tests.api import drawing

    tidewater(now)
    answers = drawing.draws(route, now, SHORT, beginning=20_260_201)
    assert answers.total() == SHORT


@pytest.mark.long
@pytest.mark.parametrize("route", ROUTES)
def test_a_route_answers_fifty_thousand_as_it_is_described(
    route: str, now: Any, record_property: Any
) -> None:
    from tests.api import drawing

    tidewater(now)
    wanted = -(-LONG // len(ROUTES))
    answers = drawing.draws(route, now, wanted, beginning=50_000)
    print(dict(answers))
    assert answers.total() == wanted
    assert answers[200] + answers[409], "nothing came through to the act"
