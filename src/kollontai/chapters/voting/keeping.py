# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the keeping of a house does to secret boxes: destroy keys that a crash or a restore left behind."""

from __future__ import annotations

from datetime import datetime

from kollontai.chapters.record.models import Organisation
from kollontai.chapters.voting.boxes import sealing
from kollontai.chapters.voting.models import Poll, SecretBox

A_DAY = 86_400
"""Seconds after which the key of a box that never came to be is nobody's any more."""


def sweep_keys(*, at: datetime) -> int:
    """Destroy the keys of boxes that were counted or annulled, and of those that never came to be.

    `at` is the machine's time, by which the files are dated.
    """
    swept, yesterday = 0, at.timestamp() - A_DAY
    for organisation in Organisation.objects.order_by("slug"):
        left = sealing.lying(organisation)
        if not left:
            continue
        states = dict(SecretBox.objects.filter(pk__in=left).values_list("pk", "state"))
        for poll_id, made_at in left.items():
            # A box whose row is not there yet may be just opening, in a transaction that has not ended.
            over = states.get(poll_id, "open") != "open"
            if over or (poll_id not in states and made_at < yesterday):
                sealing.destroy(organisation, poll_id)
                swept += 1
    return swept


def give_up_boxes(organisation: Organisation) -> int:
    """Destroy the keys of all boxes that are open, so that none is counted; say how many votes those are.

    For a database that was brought back from a backup: a ballot leaves no entry, so nobody could tell which
    of them are missing. Each vote is annulled in public when it closes, and opens anew.
    """
    running = Poll.objects.filter(organisation=organisation, state="open", box="separated")
    for poll_id in running.values_list("pk", flat=True):
        sealing.destroy(organisation, poll_id)
    return running.count()
