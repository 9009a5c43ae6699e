# SPDX-License-Identifier: AGPL-3.0-or-later
"""What acts of higher chapters may do to the charter."""

from __future__ import annotations

from collections.abc import Mapping

from kollontai.chapters.charter import articles
from kollontai.chapters.charter.models import Charter, Limit
from kollontai.chapters.record.act import Act
from kollontai.chapters.record.models import Content


def adopt(this: Act, *, text: Content, limits: Mapping[str, int]) -> Charter:
    """Let the organisation begin with the articles of this release, these words and these limits."""
    adopted = articles.read()
    Limit.objects.bulk_create(
        Limit(organisation_id=this.organisation_id, key=key, value=value) for key, value in limits.items()
    )
    return Charter.objects.create(
        organisation_id=this.organisation_id,
        version=1,
        articles_version=adopted.version,
        articles_sha256=adopted.sha256,
        text=text,
        since=this.at,
    )
