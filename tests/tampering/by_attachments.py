# SPDX-License-Identifier: AGPL-3.0-or-later
"""Behind the software's back: files that came with words."""

from __future__ import annotations

import base64

from kollontai.chapters.deliberation.models import Attachment, Contribution

from .abuses import Seen, abuse
from .by_sql import ROWS, entry
from .organisation import Tidewater
from .sql import change, remove, sql

OTHER = base64.b64encode(b"%PDF-1.7 another offer %%EOF").decode().encode()


@abuse("sql", "content_opens", "UPDATE record_content SET value, of a PDF file")
def another_offer_is_put_in_place_of_the_one_shown(org: Tidewater) -> Seen:
    one = Attachment.objects.select_related("file").get(form="pdf")
    change(one.file, value=OTHER)
    return Seen(one.file.commitment, entry("attachment.made", one.pk), "")


@abuse("sql", ROWS, "DELETE FROM deliberation_attachment")
def an_offer_is_made_to_vanish(org: Tidewater) -> Seen:
    one = Attachment.objects.get(form="pdf")
    remove(one)
    return Seen(one.pk, entry("attachment.made", one.pk), "lacks the row of attachments")


@abuse("sql", ROWS, "UPDATE deliberation_attachment SET contribution_id")
def an_offer_is_laid_beside_other_words(org: Tidewater) -> Seen:
    one = Attachment.objects.get(form="pdf")
    other = Contribution.objects.filter(issue=one.issue).exclude(pk=one.contribution_id).first()
    assert other is not None
    change(one, contribution_id=other.pk)
    return Seen(one.pk, entry("attachment.made", one.pk), "says contribution is")


@abuse("sql", ROWS, "INSERT INTO deliberation_attachment")
def a_file_is_laid_beside_words_by_hand(org: Tidewater) -> Seen:
    one = Attachment.objects.get(form="pdf")
    sql(
        "INSERT INTO deliberation_attachment (id, organisation_id, issue_id, contribution_id, author_id, form, "
        "size, version, name_id, file_id, at) SELECT %s, organisation_id, issue_id, contribution_id, author_id, "
        "form, size, version, name_id, file_id, at FROM deliberation_attachment WHERE id = %s",
        "a" * 16, one.pk,
    )  # fmt: skip
    return Seen("a" * 16, None, "stands behind no entry")
