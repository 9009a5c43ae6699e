# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small export as a Loomio group gives one, made up for these tests: every name and word is fictional."""

from __future__ import annotations

import json
from typing import Any

Row = tuple[str, dict[str, Any]]

NEW: list[Row] = [
    ("groups", {"id": 7, "name": "Fictional Allotments", "token": "x"}),
    ("users", {"id": 1, "name": "Orla Fictional", "email": "orla@allotments.example"}),
    ("users", {"id": 2, "name": "Émile Fictional", "email": "emile@allotments.example"}),
    ("topics", {"id": 30, "topicable_type": "Discussion", "topicable_id": 11, "group_id": 7}),
    ("topics", {"id": 31, "topicable_type": "Poll", "topicable_id": 22, "group_id": 7}),
    ("discussions", {
        "id": 11, "title": "The water butts", "author_id": 1, "topic_id": 30, "description_format": "html",
        "description": "<p>Two <b>leak</b> &amp; one is gone.</p><script>alert(1)</script><ul><li>Mend</li></ul>",
        "created_at": "2024-03-01T10:20:30.123Z", "discarded_at": None,
    }),
    ("comments", {
        "id": 51, "body": "Mend them first.", "body_format": "md", "user_id": 2, "parent_type": "Discussion",
        "parent_id": 11, "created_at": "2024-03-02T08:00:00Z",
    }),
    ("comments", {
        "id": 52, "body": "<p>Agreed.</p>", "body_format": "html", "user_id": 1, "parent_type": "Comment",
        "parent_id": 51, "created_at": "2024-03-02T09:00:00Z",
    }),
    ("comments", {
        "id": 53, "body": "Thrown away.", "user_id": 1, "parent_type": "Discussion", "parent_id": 11,
        "created_at": "2024-03-02T09:30:00Z", "discarded_at": "2024-03-03T00:00:00Z",
    }),
    ("polls", {
        "id": 21, "title": "Mend or buy?", "poll_type": "proposal", "author_id": 1, "topic_id": 30,
        "details": "One or the other.", "closed_at": "2024-03-09T18:00:00Z", "voters_count": 9,
        "created_at": "2024-03-03T18:00:00Z",
    }),
    ("poll_options", {"id": 61, "poll_id": 21, "name": "Buy", "priority": 1, "voter_count": 2, "total_score": 2}),
    ("poll_options", {"id": 60, "poll_id": 21, "name": "Mend", "priority": 0, "voter_count": 5, "total_score": 5}),
    ("outcomes", {
        "id": 71, "poll_id": 21, "author_id": 2, "statement": "We mend.", "created_at": "2024-03-10T07:00:00Z",
    }),
    ("stances", {"id": 81, "poll_id": 21, "participant_id": 2, "reason": "Cheaper."}),
    ("polls", {
        "id": 22, "title": "Which Sunday?", "poll_type": "dot_vote", "author_id": 2, "topic_id": 31,
        "created_at": "2024-04-01T10:00:00Z", "closed_at": None,
    }),
    ("notifications", {"id": 1}),
]  # fmt: skip
"""As such exports are now: topics, and comments that name what they answer."""

OLD: list[Row] = [
    ("users", {"id": 1, "name": "Orla Fictional"}),
    ("discussions", {"id": 11, "title": "The hedge", "author_id": 1, "description": "Cut it?", "created_at": None}),
    ("comments", {"id": 51, "body": "Yes.", "user_id": 99, "discussion_id": 11, "created_at": "2016-05-01 10:00:00"}),
    ("comments", {
        "id": 52, "body": "No.", "user_id": 1, "discussion_id": 11, "parent_id": 51,
        "created_at": "2016-05-01T11:00:00.000+02:00",
    }),
    ("polls", {"id": 21, "title": "Cut?", "poll_type": "count", "author_id": 1, "discussion_id": 11}),
    ("poll_options", {"id": 60, "poll_id": 21, "name": "yes"}),
    ("poll_options", {"id": 61, "poll_id": 21, "name": "no"}),
    ("stances", {"id": 81, "poll_id": 21, "participant_id": 1, "latest": True}),
    ("stances", {"id": 82, "poll_id": 21, "participant_id": 1, "latest": False}),
    ("stance_choices", {"id": 91, "stance_id": 81, "poll_option_id": 60, "score": 1}),
    ("stance_choices", {"id": 92, "stance_id": 82, "poll_option_id": 61, "score": 1}),
]  # fmt: skip
"""As they were: comments and polls name their discussion, and options bear no figures."""


def export(rows: list[Row]) -> bytes:
    """One JSON object a line."""
    return b"".join(json.dumps({"table": table, "record": record}).encode() + b"\n" for table, record in rows)
