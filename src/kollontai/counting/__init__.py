# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counts of every kind of ballot a rulebook may name, exact to the last digit.

Plain Python, usable alone: no server, no database. Numbers are integers, fractions or fixed decimals;
no exact path ever touches a float. Each count keeps every step and can say itself in sentences.
"""
