# SPDX-License-Identifier: AGPL-3.0-or-later
"""Portraits of people who do not exist: drawn from a few words about them, the same every time.

A portrait is a poster of flat shapes: a ground with a sign on it, shoulders, a head lit from the left, hair,
perhaps something on the head. `faces.toml` says of each person what the story makes of them; what it leaves
out comes from their name. Nobody was the model, and no photograph was used.

Measures are hundredths of the square; colours are those of the stylesheet, and a few of skin, hair and cloth.
"""

from __future__ import annotations

import base64
import functools
import io
import tomllib
from collections.abc import Callable, Sequence
from hashlib import sha256
from importlib import resources

from PIL import Image, ImageChops, ImageDraw

SIDE = 320  # pixels of the finished square
FINER = 3  # drawn so many times as large, for smooth edges
UNIT = SIDE * FINER / 100

PAPER, SHADE, INK, DUSK = "#f5f0e6", "#eae3d5", "#1a1613", "#574d44"
RED, GREEN, YELLOW, BLUE, WASH, SAGE = "#b1121b", "#0d5a3f", "#ffd84a", "#174a8c", "#f0c9b8", "#a9c3ad"
RUST, SLATE = "#8f3d00", "#5d7389"

SKINS = {
    "pale": ("#f3d3b8", "#d9a98a"),
    "rosy": ("#eebd9c", "#cd8f6d"),
    "tan": ("#d9a273", "#b37a4d"),
    "bronze": ("#a96f45", "#834f2e"),
    "dark": ("#875436", "#613a24"),
    "deep": ("#6b432a", "#492b19"),
}
"""Of each skin the side in the light, and the other."""
DEEP = {SKINS["dark"][0], SKINS["deep"][0]}
LIGHT = {SKINS["pale"][0], SKINS["rosy"][0], SKINS["tan"][0]}
HAIRS = {
    "black": "#211a1a", "brown": "#4d3020", "chestnut": "#7a4423", "fair": "#cda25a", "red": "#b2502a",
    "grey": "#8d8880", "white": "#e3ddd2",
}  # fmt: skip
CUTS = ("short", "side", "bob", "long", "bun", "curls", "afro", "plait", "bald", "crop")
HATS = ("cap", "beanie", "kerchief", "helmet", "toque", "peaked", "brim")
FACES = ("beard", "goatee", "moustache", "glasses", "lines", "earrings", "freckles")
CLOTHES = ("overall", "jumper", "shirt", "stripes", "jacket", "vest", "apron", "rollneck")
JAWS = ("round", "narrow", "broad")
GROUNDS = (
    (RED, WASH), (GREEN, SAGE), (YELLOW, "#f2b632"), (SAGE, "#8fae95"), (BLUE, "#3a6bab"), (WASH, "#e2ab95"),
    (DUSK, "#6d6257"), (SLATE, "#74899d"), ("#d9c9a8", "#c6b38c"), (RUST, "#ad5a1b"),
)  # fmt: skip
"""Grounds, and the colour of the sign on each."""
CLOTHS = (RED, GREEN, BLUE, INK, DUSK, RUST, SLATE, "#d9c9a8", YELLOW, "#7c1d60")


def picture(name: str) -> str:
    """The portrait of somebody as a PNG file in base64; "" where they gave no picture."""
    told = _told().get(name)
    if told is None:
        return ""
    out = io.BytesIO()
    draw(name, told.split()).save(out, "PNG", compress_level=1)
    return base64.b64encode(out.getvalue()).decode()


def draw(name: str, told: Sequence[str]) -> Image.Image:
    """Draw somebody from words about them; ValueError for a word that is not known."""
    return _Portrait(name, told).drawn()


@functools.cache
def _told() -> dict[str, str]:
    text = resources.files("kollontai.demos").joinpath("faces.toml").read_text("utf-8")
    return {str(name): str(words) for name, words in tomllib.loads(text).items()}


Points = Sequence[tuple[float, float]]


class _Portrait:
    """One portrait while it is drawn."""

    def __init__(self, name: str, told: Sequence[str]) -> None:
        known = {*SKINS, *HAIRS, *CUTS, *HATS, *FACES, *CLOTHES, *JAWS, "plain"}
        if unknown := set(told) - known:
            raise ValueError(f"Nobody knows how to draw {', '.join(sorted(unknown))}.")
        self.seed = sha256(f"portrait/{name}".encode()).digest()
        self.told = set(told)
        self.skin, self.far = SKINS[self._one("skin", tuple(SKINS))]
        self.hair = HAIRS[self._one("hair", ("black", "brown", "chestnut"), tuple(HAIRS))]
        self.cut = self._one("cut", ("short", "side", "bob"), CUTS)
        self.hat = next((one for one in HATS if one in self.told), "")
        self.jaw = self._one("jaw", JAWS)
        self.wears = self._one("wears", ("jumper", "shirt", "jacket"), CLOTHES)
        self.ground, self.sign = GROUNDS[self._number("ground") % len(GROUNDS)]
        fitting = [one for one in CLOTHS if one not in (self.ground, self.hair) and one != self.sign]
        self.cloth = fitting[self._number("cloth") % len(fitting)]
        others = [one for one in (RED, YELLOW, PAPER, GREEN, INK) if one not in (self.cloth, self.ground)]
        self.accent = others[self._number("accent") % len(others)]
        self.image = Image.new("RGB", (SIDE * FINER, SIDE * FINER), self.ground)
        self.pen = ImageDraw.Draw(self.image)

    def _number(self, what: str) -> int:
        return int.from_bytes(sha256(self.seed + what.encode()).digest()[:4], "big")

    def _one(self, what: str, usual: Sequence[str], possible: Sequence[str] = ()) -> str:
        """What was told of a feature; else what the name makes of it."""
        return next(
            (one for one in possible or usual if one in self.told), usual[self._number(what) % len(usual)]
        )

    # --- Shapes ---

    def _oval(self, x: float, y: float, rx: float, ry: float, colour: str) -> None:
        self.pen.ellipse([one * UNIT for one in (x - rx, y - ry, x + rx, y + ry)], fill=colour)

    def _area(self, points: Points, colour: str) -> None:
        self.pen.polygon([(x * UNIT, y * UNIT) for x, y in points], fill=colour)

    def _box(self, x: float, y: float, to_x: float, to_y: float, colour: str, round_by: float = 0) -> None:
        self.pen.rounded_rectangle(
            [one * UNIT for one in (x, y, to_x, to_y)], radius=round_by * UNIT, fill=colour
        )

    def _line(self, points: Points, colour: str, width: float) -> None:
        self.pen.line(
            [(x * UNIT, y * UNIT) for x, y in points], fill=colour, width=round(width * UNIT), joint="curve"
        )
        for x, y in (points[0], points[-1]):
            self._oval(x, y, width / 2, width / 2, colour)

    def _arc(
        self, x: float, y: float, rx: float, ry: float, start: int, end: int, colour: str, width: float
    ) -> None:
        self.pen.arc(
            [one * UNIT for one in (x - rx, y - ry, x + rx, y + ry)], start, end, fill=colour,
            width=round(width * UNIT),
        )  # fmt: skip

    def _within(self, shape: Callable[[], None], region: Callable[[], None], colour: str) -> None:
        """Fill what a shape and a region share."""
        masks = []
        for one in (shape, region):
            mask = Image.new("L", self.image.size, 0)
            kept, self.pen = self.pen, ImageDraw.Draw(mask)
            one()
            self.pen = kept
            masks.append(mask)
        shared = ImageChops.multiply(*masks)
        if box := shared.getbbox():  # of a large square little is shared
            self.image.paste(colour, box, shared.crop(box))

    # --- The whole ---

    def drawn(self) -> Image.Image:
        """Everything, from the back to the front."""
        self._draw_ground()
        self._draw_hair_behind()
        self._draw_body()
        self._draw_head()
        self._draw_features()
        self._draw_hair_before()
        if self.hat:
            getattr(self, f"_draw_{self.hat}")()
        return self.image.reduce(FINER)

    def _draw_ground(self) -> None:
        sign = self._number("sign") % 6
        if "plain" in self.told:
            return
        if sign == 0:  # a sun
            self._oval(50, 46, 38, 38, self.sign)
        elif sign == 1:  # tide
            for row in range(4):
                for column in range(-1, 7):
                    self._arc(column * 18 + row % 2 * 9, 12 + row * 22, 9, 9, 0, 180, self.sign, 2.4)
        elif sign == 2:  # slanting beams
            for number in range(-3, 7):
                x = number * 24
                self._area([(x, 0), (x + 11, 0), (x + 61, 100), (x + 50, 100)], self.sign)
        elif sign == 3:  # rays
            for number in range(-4, 5):
                self._area([(50, 104), (50 + number * 32 - 8, -10), (50 + number * 32 + 8, -10)], self.sign)
        elif sign == 4:  # a wall of two colours
            self._area([(0, 0), (56, 0), (44, 100), (0, 100)], self.sign)
        else:  # an arch
            self._box(14, 8, 86, 130, self.sign, 36)

    # --- Body and clothes ---

    def _draw_body(self) -> None:
        self._box(42, 55, 58, 88, self.far, 5)
        self._shape_of_shoulders(self.cloth)
        self._oval(50, 74, 9.5, 8, self.far)  # the neck stands before the back of the collar
        getattr(self, f"_wear_{self.wears}")()

    def _shape_of_shoulders(self, colour: str = "#ffffff") -> None:
        self._oval(50, 107, 43, 31, colour)
        self._box(8, 101, 92, 140, colour, 14)

    def _on_cloth(self, region: Callable[[], None], colour: str) -> None:
        self._within(self._shape_of_shoulders, region, colour)

    def _wear_jumper(self) -> None:
        self._arc(50, 73, 12.4, 12, 0, 180, self.accent, 3.4)

    def _wear_rollneck(self) -> None:
        self._box(39.5, 69, 60.5, 84, self.cloth, 4)
        self._line([(41.5, 80), (58.5, 80)], self.accent, 1.2)

    def _wear_shirt(self) -> None:
        for side in (-1, 1):
            self._area(
                [(50 + side * 9.5, 71), (50 + side * 15.5, 79), (50 + side * 7, 90), (50, 81.5)], PAPER
            )
        self._line([(50, 86), (50, 100)], self.accent, 1.4)

    def _wear_jacket(self) -> None:
        self._area([(40.5, 74), (59.5, 74), (50, 104)], self.accent)
        for side in (-1, 1):
            self._area(
                [(50 + side * 9.5, 71.5), (50 + side * 17, 80), (50, 108), (50 + side * 5, 92)], self.cloth
            )
            self._line(
                [(50 + side * 9.5, 72), (50 + side * 17, 81), (50 + side * 12.5, 84), (50, 106)], PAPER, 0.9
            )

    def _wear_stripes(self) -> None:
        for y in (83, 91, 99):
            self._on_cloth(
                lambda y=y: self._arc(50, y + 64, 76, 64, 180, 360, "#ffffff", 3.6),  # type: ignore[misc]
                PAPER if self.cloth != PAPER else INK,
            )
        self._oval(50, 74, 9.5, 8, self.far)

    def _wear_overall(self) -> None:
        self._on_cloth(lambda: self._box(0, 60, 100, 100, "#ffffff"), PAPER if self.cloth != PAPER else SHADE)
        self._oval(50, 74, 9.5, 8, self.far)
        for side in (-1, 1):
            self._area(
                [(50 + side * 20, 79), (50 + side * 26, 82), (50 + side * 18, 101), (50 + side * 12, 101)],
                self.cloth,
            )
        self._box(34, 92, 66, 110, self.cloth, 2)
        for side in (-1, 1):
            self._oval(50 + side * 14.6, 94.6, 1.5, 1.5, YELLOW)

    def _wear_vest(self) -> None:
        self._on_cloth(lambda: self._box(0, 60, 100, 100, "#ffffff"), YELLOW)
        for side in (-1, 1):
            self._on_cloth(
                lambda side=side: self._area(  # type: ignore[misc]
                    [
                        (50 + side * 19, 70),
                        (50 + side * 25, 70),
                        (50 + side * 23, 100),
                        (50 + side * 17, 100),
                    ],
                    "#ffffff",
                ),
                "#b9b7b0",
            )
        self._area([(41, 75), (59, 75), (50, 92)], self.cloth if self.cloth != YELLOW else INK)
        self._oval(50, 73, 9.5, 7, self.far)

    def _wear_apron(self) -> None:
        for side in (-1, 1):
            self._line([(50 + side * 9.5, 76), (50 + side * 13, 92)], PAPER, 2.6)
        self._box(33, 90, 67, 112, PAPER, 3)

    # --- The head ---

    def _shape_of_head(self, colour: str = "#ffffff", by: float = 0) -> None:
        if self.jaw == "narrow":
            self._oval(50, 42, 16.6 + by, 18 + by, colour)
            self._oval(50, 50, 14 + by, 17.5 + by, colour)
        elif self.jaw == "broad":
            self._oval(50, 42, 17.6 + by, 18.5 + by, colour)
            self._box(33.4 - by, 38, 66.6 + by, 66 + by, colour, 13.5)
        else:
            self._oval(50, 45, 17.4 + by, 21 + by, colour)

    def _draw_head(self) -> None:
        for side, colour in ((-1, self.skin), (1, self.far)):
            self._oval(50 + side * 17.4, 47.5, 3.4, 4.8, colour)
        self._within(
            lambda: self._box(42, 55, 58, 80, "#ffffff"),
            lambda: self._oval(51, 66, 12, 9.5, "#ffffff"),
            _darker(self.far, 0.82),
        )
        self._shape_of_head(self.skin)
        self._within(
            self._shape_of_head,
            lambda: self._area(
                [(54, 0), (58, 30), (55.5, 48), (59, 60), (53, 72), (100, 72), (100, 0)], "#ffffff"
            ),
            self.far,
        )
        if "earrings" in self.told:
            for side in (-1, 1):
                self._oval(50 + side * 18, 54.5, 1.7, 1.7, YELLOW)

    def _draw_features(self) -> None:
        brow = _darker(self.hair, 0.8) if self.hair != HAIRS["white"] else HAIRS["grey"]
        lifted = (self._number("brow") % 3 - 1) * 0.7
        for side in (-1, 1):
            x = 50 + side * 7.2
            self._line([(x - side * 3.4, 40 - lifted), (x + side * 3.6, 40.2)], brow, 1.7)
            self._oval(x, 45.6, 1.75, 1.9, INK)
        nose = _darker(self.far, 0.86)
        self._area([(50.6, 44), (55, 53.4), (50.2, 54.4)], nose)
        if "freckles" in self.told:
            for x, y in ((41, 51), (43.6, 52.8), (40.2, 54), (57.6, 52.2), (60, 51), (59.6, 54.2)):
                self._oval(x, y, 0.65, 0.65, nose)
        if "lines" in self.told:
            for side in (-1, 1):
                self._arc(50 + side * 3, 56, 9.5, 8, *((110, 165) if side < 0 else (15, 70)), nose, 0.9)
                self._line([(50 + side * 11.6, 45), (50 + side * 14, 44)], nose, 0.8)
        if "beard" in self.told:
            self._within(
                lambda: self._shape_of_head(by=1.2),
                lambda: self._area(
                    [
                        (30, 49),
                        (36, 53),
                        (41, 56.6),
                        (50, 55.6),
                        (59, 56.6),
                        (64, 53),
                        (70, 49),
                        (70, 80),
                        (30, 80),
                    ],
                    "#ffffff",
                ),
                self.hair,
            )
        if "goatee" in self.told:
            self._oval(50, 64.5, 5.4, 4, self.hair)
        lips = "#7d2b26" if self.skin in LIGHT else "#3b1613"
        if "beard" in self.told:
            lips = "#c77a68" if self.hair in (HAIRS["black"], HAIRS["brown"]) else lips
        smile = self._number("mouth") % 3
        if smile == 0:
            self._line([(45.6, 59.6), (54.4, 59.6)], lips, 1.5)
        else:
            self._arc(50, 54.6, 6.4, 5.6, 35 if smile == 1 else 25, 145 if smile == 1 else 140, lips, 1.6)
        if "moustache" in self.told:
            for side in (-1, 1):
                self._area(
                    [
                        (50, 55.2),
                        (50 + side * 7, 57),
                        (50 + side * 10, 60.4),
                        (50 + side * 4, 59.2),
                        (50, 58.6),
                    ],
                    self.hair,
                )
        if "glasses" in self.told:
            frame = YELLOW if self.skin in DEEP else INK
            for side in (-1, 1):
                self._arc(50 + side * 7.4, 46, 5.6, 5.2, 0, 360, frame, 1.1)
                self._line([(50 + side * 13, 45), (50 + side * 16.6, 44.4)], frame, 1)
            self._arc(50, 46, 2.2, 2, 180, 360, frame, 1)

    # --- Hair ---

    def _draw_hair_behind(self) -> None:
        if self.cut == "long":
            self._box(29.5, 24, 70.5, 88, self.hair, 18)
        elif self.cut == "bob":
            self._box(29, 23, 71, 66, self.hair, 18)
        elif self.cut == "afro":
            self._oval(50, 38, 27, 25, self.hair)
        elif self.cut == "curls":
            for x, y in (
                (32, 34),
                (30, 44),
                (32, 54),
                (68, 34),
                (70, 44),
                (68, 54),
                (40, 25),
                (50, 22),
                (60, 25),
            ):
                self._oval(x, y, 7.5, 7.5, self.hair)
        elif self.cut == "bun" and self.hat != "kerchief":
            self._oval(50, 17.5, 8.4, 7.6, self.hair)
        elif self.cut == "plait":
            for number in range(6):
                self._oval(68.5 + number % 2 * 1.6, 52 + number * 6.6, 4.6, 4.4, self.hair)

    def _top(self, edge: Points) -> None:
        """Hair on the head, down to an edge."""
        self._within(
            lambda: self._shape_of_head(by=1.6),
            lambda: self._area([(0, 0), *edge, (100, 0)], "#ffffff"),
            self.hair,
        )

    def _draw_hair_before(self) -> None:
        if self.cut == "bald":
            return
        if self.cut == "short":
            self._top(
                [(0, 40), (34.5, 44), (35.5, 34), (42, 31), (58, 30.5), (64.5, 34), (65.5, 44), (100, 40)]
            )
        elif self.cut == "crop":
            self._top([(0, 36), (35, 38), (38, 32), (50, 29.5), (62, 32), (65, 38), (100, 36)])
        elif self.cut == "side":
            self._top([(0, 46), (34, 46), (36, 38), (43, 29), (58, 36), (65, 37), (66, 44), (100, 44)])
            self._oval(57, 25.5, 11, 6, self.hair)
        elif self.cut in ("bob", "long"):
            self._top([(0, 60), (33, 58), (34.6, 42), (44, 30), (58, 35.5), (65.4, 43), (67, 58), (100, 60)])
        elif self.cut == "bun":
            self._top([(0, 44), (34, 46), (38, 34), (50, 28.5), (62, 34), (66, 46), (100, 44)])
        elif self.cut == "plait":
            self._top([(0, 48), (34, 50), (37, 36), (45, 28.5), (60, 34), (66, 48), (100, 50)])
        elif self.cut == "curls":
            for x, y in ((36, 30), (43, 26.5), (50, 28), (57, 26.5), (64, 30)):
                self._oval(x, y, 5.8, 5.4, self.hair)
        elif self.cut == "afro":
            self._top([(0, 40), (34, 42), (38, 33), (50, 30), (62, 33), (66, 42), (100, 40)])

    # --- What is worn on the head ---

    def _cap_colours(self) -> tuple[str, str]:
        possible = [
            one
            for one in (INK, DUSK, RED, GREEN, BLUE, RUST)
            if one not in (self.ground, self.sign, self.hair)
        ]
        colour = possible[self._number("cap") % len(possible)]
        return colour, _darker(colour, 0.72)

    def _draw_cap(self) -> None:
        colour, dark = self._cap_colours()
        self._area([(28, 31), (33, 20), (48, 15), (64, 17), (72, 26), (73, 33), (50, 30.5)], colour)
        self._oval(50, 24, 22, 8.6, colour)
        self._area([(25, 33.5), (31, 29), (69, 29), (75, 33.5), (68, 36), (50, 33.6), (32, 36)], dark)

    def _draw_beanie(self) -> None:
        colour, dark = self._cap_colours()
        self._within(
            lambda: self._oval(50, 31, 19.4, 20, "#ffffff"),
            lambda: self._box(0, 0, 100, 30, "#ffffff"),
            colour,
        )
        self._box(29.8, 26, 70.2, 33.4, dark, 3)

    def _draw_kerchief(self) -> None:
        colour, dark = self._cap_colours()
        self._within(
            lambda: self._shape_of_head("#ffffff", 2.6),
            lambda: self._area(
                [
                    (0, 0),
                    (0, 54),
                    (32, 54),
                    (35, 40),
                    (42, 31),
                    (58, 31),
                    (65, 40),
                    (68, 54),
                    (100, 54),
                    (100, 0),
                ],
                "#ffffff",
            ),
            colour,
        )
        for x, y in ((40, 26), (50, 23), (60, 26), (35, 33), (65, 33), (45, 29), (55, 29)):
            self._oval(x, y, 1.1, 1.1, PAPER)
        self._area([(66, 52), (76, 50), (74, 58)], dark)
        self._area([(66, 52), (72, 62), (66, 63)], colour)

    def _draw_helmet(self) -> None:
        colour = YELLOW if self.ground != YELLOW else PAPER
        self._within(
            lambda: self._oval(50, 33, 21, 21, "#ffffff"), lambda: self._box(0, 0, 100, 32, "#ffffff"), colour
        )
        self._box(46, 11, 54, 31, _darker(colour, 0.86), 3)
        self._box(26, 30, 74, 34.4, _darker(colour, 0.8), 2)

    def _draw_toque(self) -> None:
        for x, y, r in ((38, 17, 9), (50, 13, 10), (62, 17, 9)):
            self._oval(x, y, r, r, PAPER)
        self._box(33, 19, 67, 32, SHADE, 2)
        if self.ground in (PAPER, "#d9c9a8"):
            self._line([(33, 31.6), (67, 31.6)], DUSK, 0.8)

    def _draw_peaked(self) -> None:
        colour, dark = self._cap_colours()
        self._area([(26, 20), (38, 13), (62, 13), (74, 20), (68, 29), (32, 29)], colour)
        self._box(31.5, 25, 68.5, 32, dark, 1)
        self._area([(33, 31), (67, 31), (63, 36), (37, 36)], INK)
        self._oval(50, 22, 2.6, 2.6, YELLOW)

    def _draw_brim(self) -> None:
        colour = "#d9b76a" if self.ground not in (YELLOW, "#d9c9a8") else DUSK
        self._box(34, 12, 66, 32, colour, 11)
        self._box(34, 24.5, 66, 29.5, self.accent if self.accent != PAPER else RED)
        self._oval(50, 31.6, 29, 4.4, _darker(colour, 0.9))


def _darker(colour: str, by: float) -> str:
    """A colour with so much of its light."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(one * by):02x}" for one in parts)
