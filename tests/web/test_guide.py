# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guide speaks of what is there: its links work, and each button it names has that name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from kollontai.chapters.charter.rules import RESERVED
from kollontai.web.pages import guide
from tests.web.hall import Hall

WEB = Path(guide.GUIDE).parent
ENGLISH = guide.pages("en")


def texts() -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in sorted((guide.GUIDE / "en").glob("*.md"))}


def words_of_pages() -> str:
    """Every template and every module of the pages, blanks made one."""
    files = [*(WEB / "templates").rglob("*.html"), *WEB.rglob("*.py")]
    return " ".join(re.sub(r"\s+", " ", file.read_text("utf-8")) for file in files)


def test_there_are_ten_short_pages() -> None:
    assert [page.number for page in ENGLISH] == list(range(1, 11))
    for name, text in texts().items():
        assert len(text.split()) <= 350, name
        assert max(map(len, text.splitlines())) <= 120, name


@pytest.mark.parametrize("language", ["de", "es"])
def test_every_language_has_the_same_pages_with_the_same_parts(language: str) -> None:
    def parts(page: guide.Page) -> tuple[str, list[int]]:
        return page.name, [page.html.count(tag) for tag in ("<h2>", "<li>", "<strong>", "<pre>")]

    assert [parts(page) for page in guide.pages(language)] == [parts(page) for page in ENGLISH]


def test_each_button_the_guide_names_has_that_name_on_a_page() -> None:
    said = words_of_pages().replace("'", "’").lower()
    for name, text in texts().items():
        for label in re.findall(r"\*\*([^*]+?)\.?\*\*", text):
            plain = re.sub(r"\s+", " ", label)
            if re.search(rf"^\*\*{re.escape(label)}", text, re.MULTILINE) and label.startswith("With a"):
                continue  # how a paragraph begins
            assert plain.lower().replace("'", "’") in said, f"{name}: {plain}"


@pytest.mark.django_db
def test_each_page_is_shown_to_everybody_and_leads_on() -> None:
    visitor = Client()
    overview = visitor.get(reverse("guide"))
    assert overview.status_code == 200
    for page, after in zip(ENGLISH, [*ENGLISH[1:], None], strict=True):
        address = reverse("guide-page", args=[page.name])
        assert address in overview.content.decode()
        shown = visitor.get(address).content.decode()
        assert f"<h1>{page.title}</h1>" in shown
        assert "**" not in shown
        if after is not None:
            assert reverse("guide-page", args=[after.name]) in shown
    assert visitor.get(reverse("guide-page", args=["no-such-page"])).status_code == 404


def test_every_page_leads_to_the_guide(hall: Hall) -> None:
    assert f'href="{reverse("guide")}"' in hall.enter("ada").get("/tidewater/").content.decode()
    assert f'href="{reverse("guide")}"' in hall.enter().get("/").content.decode()


def test_no_organisation_can_take_the_place_of_a_page() -> None:
    first = {str(one.pattern).split("/")[0] for one in get_resolver().url_patterns}
    assert {word for word in first if word and "<" not in word} <= RESERVED
