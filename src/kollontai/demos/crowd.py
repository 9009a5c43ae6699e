# SPDX-License-Identifier: AGPL-3.0-or-later
"""The many of a demonstration: names made from two lists, and what hundreds do on one day.

The same names, and the same of them for the same thing, each time it is built.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, TypeVar

from kollontai.chapters.voting.bulk import Ballot, cast_many

__all__ = ["CHUNK", "Ballot", "Crowd", "cast", "varied"]

GIVEN = """
Abel Adele Agnes Aino Alba Albin Alma Amadou Ambra Amina Anders Anouk Arlo Asta Astrid Aurel Basil Beatriz
Benno Birgit Bjarne Brendan Brigida Camille Cecily Celia Chiara Ciaran Clement Clio Corin Cosima Dagny
Dalia Damir Daria Desmond Dorothea Dunja Ebba Eamon Elif Elin Eluned Emeka Emil Enzo Esra Estelle Eudora
Fabian Fatou Fergus Fiona Flora Florian Frida Gaspard Georgina Gethin Gilda Gregor Gudrun Gwen Halima
Hanne Hector Helga Hilde Hugo Ida Ignacio Imre Ingmar Iris Isolde Ivo Jadwiga Jarmila Jelena Joris
Jovan Juno Kasimir Katinka Kerstin Kwame Laila Lars Leandro Leif Lenka Leonie Linus Livia Lorcan Ludmila
Luisa Magnus Malik Mathilde Matteo Melchior Merete Milan Minna Mireille Moira Nadir Naima Nerys Nils Noor
Oana Olwen Oskar Otto Paavo Paloma Pavel Peggy Piotr Quentin Rahel Ramona Rasmus Rhoda Roland Rosalind
Ruben Sabine Salma Sanna Saskia Selma Senka Sidonie Signe Simeon Sorcha Stefan Sunniva Tamsin Tarek Thea
Tilde Tomas Torsten Tove Ulrik Una Ursula Vanda Vasil Vera Viggo Wanda Wilhelm Xenia Yara Yvette Zelda
Zita Zora
"""
FAMILY = """
Abernethy Acheampong Ahlgren Alcott Almeida Andrade Anker Arslan Ashdown Balogun Banerjee Baptiste
Barragan Bellamy Berglund Bianchi Birch Blakeley Boateng Bosch Brannigan Brodie Bukowski Byrne Cardoso
Chalmers Cheung Clough Corrigan Cuthbert Dahl Danso Darby Delgado Dimitrov Doyle Dragan Dufour Eastwood
Eide Ekman Elmes Escobar Fairweather Farkas Ferrante Finch Fontaine Forde Fraser Frost Gallagher Garnier
Goddard Gomes Granger Grimshaw Haddad Hagen Halloran Hartig Hassan Hedlund Herrera Hollis Horvat Hughes
Ibarra Ikonen Ivarsson Jansen Jarvis Jelinek Kamara Kavanagh Keane Kessler Kirby Kovac Krause Kruger Lacey
Lange Larkin Laurent Lemaire Lindgren Lockwood Lopez Lund Madsen Mahmood Marchbanks Marek Mbeki Meadows
Mensah Mercer Mistry Moreau Nagy Navarro Ndiaye Nesbitt Nolan Novak Nyberg Oakes Oduwole Olsen Orban
Ortega Osei Pacheco Palmer Parsons Pascal Patel Pavlov Pearce Perrin Petrov Pinto Porter Quigley Quist
Rafferty Ramos Reeve Reinholt Rivera Rossi Rourke Sadler Salonen Santos Schaefer Seaton Shah Silva
Sinclair Skov Sokolov Stanton Stojan Strand Suleiman Svensson Szabo Tanner Tarrant Teague Thorne Toivonen
Torres Turay Underhill Urban Vasquez Vogel Wadsworth Wagner Walcott Weir Wendell Whelan Winther Yates
Yilmaz Zamora Zeman
"""
T = TypeVar("T")
CHUNK = 40
"""So many come in at one moment."""


def names(many: int, taken: Sequence[str]) -> list[str]:
    """So many names that nobody has yet, each once."""
    pairs = [f"{given} {family}" for given in GIVEN.split() for family in FAMILY.split()]
    known = set(taken)
    free = (pair for pair in shuffled(pairs, "names") if pair not in known)
    return [next(free) for _ in range(many)]


class Crowd:
    """Who is not named in the story, by unit."""

    def __init__(self, story: dict[str, Any], named: Sequence[tuple[str, str]]) -> None:
        sizes = {unit["name"]: unit["size"] for unit in story.get("units", []) if "size" in unit}
        known = {unit: sum(of == unit for _, of in named) for unit in sizes}
        seats = [unit for unit, size in sizes.items() for _ in range(size - known[unit])]
        new = names(len(seats), [name for name, _ in named])
        self.people = shuffled(list(zip(new, seats, strict=True)), "units")
        self._left: dict[str, Iterator[str]] = {}

    def draw(self, key: str, many: int, *, unit: str = "") -> list[str]:
        """The next so many of a unit for one thing; nobody is drawn for it twice."""
        if key not in self._left:
            mine = [name for name, of in self.people if not unit or of == unit]
            self._left[key] = iter(shuffled(mine, key))
        return [next(self._left[key]) for _ in range(many)]


def shuffled(things: Sequence[T], key: str) -> list[T]:
    """Things in an order that shows no pattern, and is the same for the same key."""
    return sorted(things, key=lambda one: sha256(f"{key}/{one}".encode()).digest())


def varied(order: Sequence[str], key: str) -> list[str]:
    """An order of names as somebody gives it who mostly agrees: two may change places, some be left out."""
    mine, chance = list(order), sha256(key.encode()).digest()
    if len(mine) > 2 and chance[0] < 100:
        at = chance[1] % (len(mine) - 1)
        mine[at], mine[at + 1] = mine[at + 1], mine[at]
    return mine[: 1 + chance[3] % len(mine)] if chance[2] < 115 else mine


def cast(organisation: str, poll: str, ballots: Sequence[Ballot]) -> None:
    """Let many vote at one moment, under the rule that each of them would meet."""
    left = cast_many(organisation, poll, ballots, auth="demo")
    if left:
        raise AssertionError(f"{len(left)} could not vote: {left[0].why.code}")
