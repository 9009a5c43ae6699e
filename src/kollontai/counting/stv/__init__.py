# SPDX-License-Identifier: AGPL-3.0-or-later
"""The single transferable vote and the alternative vote: one engine, every statute a set of parameters."""

from .constraints import Constraint
from .count import count
from .countback import Countback, countback, from_own_papers
from .presets import DEFAULT, RULES, named
from .result import Count, Stage
from .rule import Rule

__all__ = [
    "DEFAULT",
    "RULES",
    "Constraint",
    "Count",
    "Countback",
    "Rule",
    "Stage",
    "count",
    "countback",
    "from_own_papers",
    "named",
]
