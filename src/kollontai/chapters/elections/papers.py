# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands on the ballot paper of a confirmation: no name is given more room than another's."""

from __future__ import annotations

import json

from kollontai.chapters.bodies.models import Claim


def confirmation(claim: Claim) -> str:
    """The paper, as JSON: who, for which post, elected when, until when, by which minutes."""
    return json.dumps(
        {
            "about": "confirmation",
            "post": claim.post_id,
            "title": str(claim.post.title),
            "member": claim.member_id,
            "elected_at": f"{claim.elected_at:%Y-%m-%dT%H:%M:%SZ}",
            "old_end": f"{claim.old_end:%Y-%m-%dT%H:%M:%SZ}",
            "minutes": str(claim.minutes),
            "options": [{"id": "yes"}, {"id": "no"}, {"id": "abstain"}],
        },
        ensure_ascii=False,
        sort_keys=True,
    )
