# SPDX-License-Identifier: AGPL-3.0-or-later
"""The published lot: an order anyone can draw again from a seed announced beforehand.

Each name gets the SHA-256 of the seed, a line feed and the name; the lowest digest comes first. The seed is
fixed (or committed to) before ballots are opened, so nobody chooses the outcome.

Where nobody shall have to trust the one who keeps the seed, several people contribute: the keeper publishes
`commitment(secret)` first, each contributor a word of their own after that, the keeper the secret last.
`common_seed` puts all together. One honest contributor, or an honest keeper, is enough for nobody to know the
order beforehand; a keeper who does not open the commitment is seen by everybody.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .errors import WrongBallots

ZEROS = "0" * 64
"""What counts for a contribution that did not come."""


def draw(seed: str, names: Sequence[str]) -> tuple[str, ...]:
    """The order this seed gives to these names. It does not depend on the order they come in."""
    return tuple(sorted(names, key=lambda name: (digest(seed, name), name)))


def digest(seed: str, name: str) -> str:
    """What a name drew: 64 hexadecimal digits."""
    return hashlib.sha256(f"{seed}\n{name}".encode()).hexdigest()


def commitment(secret: str) -> str:
    """What the keeper of a secret publishes before anybody contributes: 64 hexadecimal digits."""
    return hashlib.sha256(f"lot commitment\n{secret}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class CommonSeed:
    """A seed from several people, and whose contribution did not come."""

    seed: str
    """64 hexadecimal digits, for `draw`."""
    missing: tuple[str, ...]
    """Contributors for whom zeros were taken, in the order announced."""

    def sentences(self) -> tuple[str, ...]:
        """How the seed came about."""
        said = [f"The seed is {self.seed}."]
        said += [f"{name} contributed nothing; zeros were taken." for name in self.missing]
        return tuple(said)


def common_seed(
    committed: str, secret: str, contributors: Sequence[str], contributions: Mapping[str, str | None]
) -> CommonSeed:
    """The seed of a lot from the keeper's secret and the contributions of named people.

    `contributors` are announced beforehand, each once; `contributions` are their words, None or absent where
    none came. Each word goes in as its SHA-256, so its length does not matter; an empty word is a
    contribution, a missing one is 64 zeros. The seed is the SHA-256 of the secret's digest and of every name
    and digest, line by line, in the order announced. Raises WrongBallots where the secret is not the one
    committed to, a name is announced twice, or somebody contributes who was not announced.
    """
    if not hmac.compare_digest(committed.encode(), commitment(secret).encode()):
        raise WrongBallots("The secret of the lot is not the one that was committed to.")
    if len(set(contributors)) < len(contributors):
        raise WrongBallots("A contributor to the lot is announced twice.")
    if unknown := sorted(set(contributions) - set(contributors)):
        raise WrongBallots(f"{unknown[0]} contributes to the lot, but was not announced.")
    lines = ["lot seed", _sha(secret)]
    missing = []
    for name in contributors:
        word = contributions.get(name)
        if word is None:
            missing.append(name)
        lines.append(f"{_sha(name)} {ZEROS if word is None else _sha(word)}")
    return CommonSeed(_sha("\n".join(lines)), tuple(missing))


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
