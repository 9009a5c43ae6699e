# SPDX-License-Identifier: AGPL-3.0-or-later
"""Participatory budgets: greedy in the forms cities use, and the Method of Equal Shares with completions."""

from .result import BudgetResult, Round
from .rules import RULES, fund

__all__ = ["RULES", "BudgetResult", "Round", "fund"]
