# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ballot boxes, by the name their polls carry."""

from __future__ import annotations

from collections.abc import Mapping

from kollontai.chapters.voting.boxes.box import Box, Emptied, Receipt, Spoilt
from kollontai.chapters.voting.boxes.open import OpenBox
from kollontai.chapters.voting.boxes.separated import SeparatedBox

__all__ = ["BOXES", "Box", "Emptied", "Receipt", "SeparatedBox", "Spoilt"]

BOXES: Mapping[str, Box] = {"open": OpenBox(), "separated": SeparatedBox()}
"""Every kind of box that lies here; an "outside" one lies with a scrutineer."""
