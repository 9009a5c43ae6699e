# SPDX-License-Identifier: AGPL-3.0-or-later
"""A browser, and houses to walk through with it."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.journeys import houses
from tests.journeys.houses import House

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first of these that is here. The shell is the same browser without its windows, at half the work."""
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
CALMLY = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(autouse=True)
def own_home() -> None:
    """Journeys have houses with files of their own; the tests' one house is left alone."""


@pytest.fixture(autouse=True)
def now() -> None:
    """The clocks of journeys run in their servers."""


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """A real browser. It is closed before the next file: its loop would stand in the way of other tests."""
    if CHROMIUM is None:
        told = "NO BROWSER: the journeys were not walked. On Debian: apt-get install chromium-headless-shell."
        warnings.warn(told, stacklevel=1)
        pytest.skip(told)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CALMLY)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def built(bare: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A demonstration in a copy of the empty house, built once for all workers of a run. Nobody serves it."""
    folder = _shared(tmp_path_factory)
    home, told = folder / "demonstration", folder / "demonstration-database"
    with houses.locked(folder):
        if not told.exists():
            houses.copied(bare[0], home)
            database = houses.new_database(copy_of=bare[1])
            houses.new_demonstration(home, database)
            told.write_text(database)
    return home, told.read_text()


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """An empty house and its database. Nobody serves it."""
    folder = _shared(tmp_path_factory)
    home, told = folder / "bare", folder / "bare-database"
    with houses.locked(folder):
        if not told.exists():
            database = houses.new_database()
            houses.new_house(home, database)
            told.write_text(database)
    return home, told.read_text()


Opener = Callable[[str], House]


@pytest.fixture(scope="session")
def shown(built: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demonstration, with its doors open until the last test. Who comes next starts it again."""
    home, database = built
    own = tmp_path_factory.mktemp("shown") / "home"
    houses.copied(home, own)
    copy = houses.new_database(copy_of=database) if database else ""
    try:
        with houses.serving(own, copy) as house:
            yield house
    finally:
        houses.drop_database(copy)


@pytest.fixture(scope="module")
def open_house(
    request: pytest.FixtureRequest, bare: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opener]:
    """Open a house: "demonstration" as it is at its beginning, "bare", a small demonstration ("two-branches",
    "alder-house"), or "both": the whole federation and Alder House as `make run` shows them.

    There is one demonstration: it is started again each time, and what was done in it before is gone.
    """
    with ExitStack() as shut:

        def opened(which: str) -> House:
            if which == "demonstration":
                house: House = request.getfixturevalue("shown")
                houses.start_again(house)
                shut.callback(house.is_well)
                return house
            home, database = bare
            own = tmp_path_factory.mktemp(which) / "home"
            houses.copied(home, own)
            if which == "bare":
                (own / "keys" / "secret").unlink(missing_ok=True)
            copy = houses.new_database(copy_of=database) if database else ""
            shut.callback(houses.drop_database, copy)
            if which == "two-branches":
                houses.new_two_branches(own, copy)
            if which == "alder-house":
                houses.new_alder_house(own, copy)
            if which == "both":
                houses.new_demonstration(own, copy, "tidewater", "alder-house")
            return shut.enter_context(houses.serving(own, copy))

        yield opened


@pytest.fixture(scope="module")
def demonstration(open_house: Opener) -> House:
    """A demonstration for the tests of one file."""
    return open_house("demonstration")


@pytest.fixture(scope="module")
def real_house(open_house: Opener) -> House:
    """A real house without any organisation, for the tests of one file."""
    return open_house("bare")


def _shared(factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run share."""
    base = factory.getbasetemp()
    folder = (base.parent if base.name.startswith("popen-") else base) / "journeys"
    folder.mkdir(exist_ok=True)
    return folder
