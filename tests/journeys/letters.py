# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody without a browser's comforts: forms are fetched, filled in and sent, nothing else."""

from __future__ import annotations

import html
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from http.cookiejar import CookieJar

from tests.journeys.houses import House


@dataclass
class Answer:
    """What came back."""

    status: int
    address: str
    body: str

    def says(self, words: str) -> bool:
        """Whether words stand on the page."""
        return words in html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", self.body)))


@dataclass
class Correspondent:
    """Somebody who fetches pages and sends forms, with cookies of their own."""

    house: House
    slug: str = "tidewater"
    jar: CookieJar = field(default_factory=CookieJar)

    def __post_init__(self) -> None:
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def fetches(self, path: str) -> Answer:
        """Fetch a page."""
        return self._ask(self._address(path))

    def sends(self, path: str, *, form: str | Answer = "", **fields: str) -> Answer:
        """Fill in a form and send it: one that was fetched, or that of a page (else where it is sent to)."""
        page = (form if isinstance(form, Answer) else self.fetches(form or path)).body
        fields = hidden_in(page) | fields
        return self._ask(self._address(path), urllib.parse.urlencode(fields).encode())

    def enters_as(self, member_id: str) -> Answer:
        """Enter a demonstration as one of its members."""
        return self.sends("/demo/enter/", form="/demo/", of=self.slug, member=member_id)

    def _address(self, path: str) -> str:
        return self.house.url + (path if path.startswith("/") else f"/{self.slug}/{path}")

    def _ask(self, address: str, data: bytes | None = None) -> Answer:
        request = urllib.request.Request(address, data, {"Referer": self.house.url + "/"})
        try:
            with self._opener.open(request, timeout=60) as answer:
                return Answer(answer.status, answer.url, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.url, error.read().decode())


def members_of(house: House, slug: str = "tidewater") -> dict[str, str]:
    """Everybody who may be entered as, by name."""
    return people_on(Correspondent(house, slug).fetches(f"/demo/?of={slug}").body)


def people_on(page: str) -> dict[str, str]:
    """Everybody who may be entered as, by name, read off the page of a demonstration."""
    found = re.findall(r'<option value="(\w+)"[^>]*>([^<]+)</option>', page)
    return {name_in(html.unescape(text)): key for key, text in found}


def name_in(option: str) -> str:
    """Who is meant by a line like “Edda Kowal, Treasurer · Harbour”."""
    return option.split(",")[0].split(" · ")[0].strip()


def hidden_in(page: str) -> dict[str, str]:
    """What the forms of a page send along unseen."""
    found = {
        name: re.search(rf'name="{name}" value="([^"]+)"', page)
        for name in ("csrfmiddlewaretoken", "form_key")
    }
    return {name: one[1] for name, one in found.items() if one}
