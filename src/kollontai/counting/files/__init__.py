# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ballot files of every kind, read without guessing: what does not fit is refused with line and column."""
