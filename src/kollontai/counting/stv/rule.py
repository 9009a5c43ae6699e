# SPDX-License-Identifier: AGPL-3.0-or-later
"""A rule for the single transferable vote, said as parameters.

A statute is one frozen value of this class. Nothing in the engine asks for a rule by its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Every choice in which the rules in use differ."""

    name: str
    title: str
    source: str
    """The text the parameters were taken from."""

    family: Literal["gregory", "meek", "quotient", "whole"] = "gregory"

    places: int | None = 5
    """Decimal places of votes and values; None counts in exact fractions."""

    quota: Literal["droop", "droop-exact", "droop-next", "droop-ceiling", "hare", "majority"] = "droop"
    """`droop` floor(V/(s+1))+1 · `droop-exact` V/(s+1) · `droop-next` V/(s+1) cut to the places, plus one
    unit · `droop-ceiling` V/(s+1) cut to the places, plus one unit unless exact · `hare` V/s ·
    `majority` more than half of the votes still in play, asked again at every stage"""
    quota_is: Literal["fixed", "until-elected", "every-stage"] = "fixed"
    """`until-elected`: worked out again on the votes still in play until somebody is elected (ERS97)."""
    above: bool = False
    """Whether a candidate must exceed the quota instead of reaching it."""
    active_share: bool = False
    """Also elect who reaches votes in play ÷ (places left + 1) (ERS97 5.1.7 b)."""

    surplus: Literal["weighted", "unweighted", "last-parcel", "none"] = "weighted"
    """`weighted`: every paper, its value × surplus ÷ votes · `unweighted`: every paper at one value ·
    `last-parcel`: the papers that brought the surplus, at one value"""
    divisor: Literal["votes", "papers", "transferable"] = "votes"
    value_places: int | None = None
    """Places of a transfer value; None takes `places`."""
    value_exact: bool = False
    """Keep transfer values as exact fractions; only votes are cut."""
    cut_product: bool = False
    """Cut value × surplus to the places before dividing (PRF reference, Minneapolis)."""
    unit: Literal["paper", "total"] = "paper"
    """What is cut: the value of each paper, or each candidate's total in a transfer."""
    order: Literal["largest", "election", "all"] = "largest"
    """Which surplus goes first; `all` transfers every surplus within one stage."""
    zero_surplus_stage: bool = False
    defer: Literal["", "<=", "<"] = ""
    """Put off surpluses whose total cannot change who is excluded next."""

    bulk: Literal["", "<=", "<"] = ""
    """Exclude together as many as cannot reach the next above."""
    bulk_first: bool = False
    """Bulk exclusion comes before surpluses (Minneapolis, PRF)."""
    bulk_only_if_safe: bool = False
    """Bulk exclusion only where it cannot change the order of election (CfER 10059 k 3, Senate 13A)."""
    bulk_zero: bool = False
    """Exclude everyone without a vote together after the first surpluses (NZ)."""
    parcels: Literal["together", "by-value"] = "together"
    """Whether papers of the excluded move at once, or highest value first with elections between."""
    parcel_stages: bool = False
    """Whether each value is a stage of its own in the report."""

    first_apart: bool = False
    """First preferences move before other papers of the same value (Northern Ireland 51(2)-(5))."""
    waiting_receive: bool = False
    """Whoever has the quota goes on receiving votes until their own surplus is passed on (Minneapolis)."""

    ties: Literal["backwards", "forwards", "lot", "previous"] = "backwards"
    """Where tied candidates last differed, or first differed, or straight to the lot."""
    stop_before_transfer: Literal["", "bulk", "always"] = ""
    """Where an exclusion leaves just enough candidates, no paper moves any more (ERS97 5.5.1); `bulk`: only
    where several are excluded together (PRF reference, as published)."""
    surpluses_first: bool = False
    """The last places are filled only once every surplus has been passed on (Minneapolis)."""
    last_two: bool = False
    """One place and two candidates left: the one with more votes (Senate s. 273(17))."""
    lead: bool = False
    """One place left: votes not below those of all others and every surplus together decide."""

    omega: int = 6
    """Meek: iterate until the surplus is below 10^-omega."""
    guard: int = 0
    """Meek: digits beyond `places` that are worked with but not compared."""
    warren: bool = False
    keep: Literal["up", "down"] = "up"
    sure_losers: Literal["none", "one", "all"] = "none"
    pseudo_random: bool = False
    """Ties by the pseudo-random numbers of the New Zealand schedule."""

    equal_ranks: bool = False
    one_seat: bool = False
    full: bool = False
    """A ballot must rank every candidate."""
    ordered: bool = False
    """The order of the papers matters; they are not merged."""
    minimum: int = 0
    """Everyone with fewer first preferences is excluded together at the start (Cambridge: 50)."""
    papers_scale: int = 1
    """What one paper is worth at the start (Seanad: 1000)."""
