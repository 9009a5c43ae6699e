# SPDX-License-Identifier: AGPL-3.0-or-later
"""Behind the software's back: in whose name something was raised."""

from __future__ import annotations

from kollontai.chapters.bodies.models import Post
from kollontai.chapters.deliberation.models import Issue

from .abuses import Seen, abuse
from .by_sql import ROWS, entry
from .forgery import Story
from .organisation import Tidewater
from .sql import change


@abuse("sql", ROWS, "UPDATE deliberation_issue SET for_body_id")
def a_members_issue_is_given_out_as_an_offices(org: Tidewater) -> Seen:
    post = Post.objects.order_by("pk").first()
    assert post is not None
    change(Issue.objects.get(pk=org.talk), for_body_id=post.pk)
    return Seen(org.talk, entry("issue.raised", org.talk), "says for_body is")


@abuse("forged", "raised_for_body", "issue.raised_for by a member who holds no post, long after the raising")
def an_office_is_spoken_for_by_a_member(story: Story, org: Tidewater) -> Seen:
    post = Post.objects.order_by("pk").first()
    assert post is not None
    who = Issue.objects.get(pk=org.talk).raised_by_id
    at = story.insert(len(story.entries), "issue.raised_for", str(who), issue=org.talk, body=post.pk)
    return Seen(org.talk, at, "holding no post in it")
