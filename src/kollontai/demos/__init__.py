# SPDX-License-Identifier: AGPL-3.0-or-later
"""Demonstrations: fictional organisations to look at, with a clock that stands still until it is moved."""
