# SPDX-License-Identifier: AGPL-3.0-or-later
"""Issues and all that is said on them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kollontai.chapters.bodies.models import Post
from kollontai.chapters.deliberation.querysets import (
    AlternativeQuerySet,
    AmendmentQuerySet,
    ArchivedThreadQuerySet,
    AttachmentQuerySet,
    CombinationQuerySet,
    ContributionQuerySet,
    DraftQuerySet,
    IssueQuerySet,
    LetterQuerySet,
    ResolutionQuerySet,
    ShorteningQuerySet,
    StatementQuerySet,
)
from kollontai.chapters.members.models import Member, Unit
from kollontai.chapters.record.models import belongs_to_organisation, words
from kollontai.chapters.voting.models import Poll


def write_in() -> models.CharField[str, str]:
    """The write-in by which a supporter came to stand there; empty where it was their own act."""
    return models.CharField(max_length=16, blank=True, default="")


class Issue(models.Model):
    """A matter on its way: gathering, talk, answer, reply, vote, decided or lapsed (see stages.py)."""

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("issues")
    number = models.PositiveIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="issues")
    raised_by = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="+"
    )  # or the clock
    by_leader = models.BooleanField()
    for_body = models.ForeignKey(
        Post, null=True, on_delete=models.PROTECT, related_name="+"
    )  # in whose name it was raised
    weight = models.CharField(max_length=10)  # big, ordinary, unit
    limits = models.JSONField()  # copied from the charter at birth, for life
    title = words()
    text = words()
    needed = models.PositiveIntegerField()
    raised_at = models.DateTimeField()
    stage = models.CharField(max_length=10)
    stage_began_at = models.DateTimeField()
    stage_ends_at = models.DateTimeField(null=True)
    drafts_close_at = models.DateTimeField(null=True)
    poll = models.ForeignKey(Poll, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, blank=True, default="")  # carried, not-carried, lapsed
    ended_at = models.DateTimeField(null=True)
    made_big_at = models.DateTimeField(null=True)  # after it was raised
    made_big_why = models.CharField(max_length=10, blank=True, default="")  # members, effect
    all_led = models.BooleanField(null=True)  # whether nobody is silenced, as judged at its raising
    shortened_at = models.DateTimeField(null=True)  # by members, because of a date from outside

    objects = IssueQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="issue_number_once")
        ]


class StageRow(models.Model):
    """When each stage of an issue began and was to end: its life as a timeline.

    A talk that began anew stands there once, as it began the second time; the first is on the record.
    """

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="stages")
    stage = models.CharField(max_length=10)
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["issue", "stage"], name="stage_once")]


class Supporter(models.Model):
    """A member who stands behind bringing an issue up."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="supporters")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    write_in = write_in()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["issue", "member"], name="supporter_once")]


class BigCall(models.Model):
    """A member who says that a matter is a big decision. Nobody takes it back."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="big_calls")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["issue", "member"], name="big_call_once")]


class Draft(models.Model):
    """A whole text that may come to the vote."""

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("+")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="drafts")
    letter = models.CharField(max_length=2)  # A, B, C …
    mover = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")  # or nobody
    first = models.BooleanField()
    version = models.PositiveIntegerField(default=1)
    put_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issue", "letter"], name="draft_letter_once")
        ]


class DraftVersion(models.Model):
    """The words of a draft at one time; every version stays readable."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    title = words()
    text = words()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "version"], name="draft_version_once")
        ]


class DraftEffects(models.Model):
    """What a version of a draft would change by itself if it carried."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="effects")
    version = models.PositiveIntegerField()
    what = models.JSONField()  # the kinds of effect, in order
    effects = words()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "version"], name="draft_effects_once")
        ]


class DraftSupporter(models.Model):
    """A member who wants a draft on the ballot."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="supporters")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    write_in = write_in()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "member"], name="draft_supporter_once")
        ]


class QuestionAgain(models.Model):
    """That a version of a draft is the same question as one that was decided not long ago; see again.py."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="coming_again")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="coming_again")
    version = models.PositiveIntegerField()
    earlier = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="+")
    needed = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "version"], name="question_again_once")
        ]


class Amendment(models.Model):
    """A change of a run of lines of a draft, or of another amendment (`parent`); see amending.py.

    `version`: of the text it speaks of, that its mover read. `accepted_as`: the version of that text which
    its acceptance made; 0 while it is not accepted. `newest`: of its own lines.
    """

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("+")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="amendments")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="amendments")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    number = models.PositiveIntegerField()
    mover = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    operation = models.CharField(max_length=10)  # replace, insert, delete
    version = models.PositiveIntegerField()
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    newest = models.PositiveIntegerField(default=1)
    reasons = words(null=True)
    moved_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_as = models.PositiveIntegerField(default=0)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issue", "number"], name="amendment_number_once")
        ]


class AmendmentVersion(models.Model):
    """The new lines of an amendment at one time; a deletion has none."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    amendment = models.ForeignKey(Amendment, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    text = words(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["amendment", "version"], name="amendment_version_once")
        ]


class AmendmentSupporter(models.Model):
    """A member who stands behind an amendment."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    amendment = models.ForeignKey(Amendment, on_delete=models.PROTECT, related_name="supporters")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    write_in = write_in()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["amendment", "member"], name="amendment_supporter_once")
        ]


class Combination(models.Model):
    """Amendments of one draft that their movers may want as one alternative."""

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("+")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="combinations")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="combinations")
    amendments = models.JSONField()  # ids, in the order of their numbers
    proposed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    combined_at = models.DateTimeField(null=True)

    objects = CombinationQuerySet.as_manager()


class CombinationYes(models.Model):
    """Another mover's yes to a combination."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    combination = models.ForeignKey(Combination, on_delete=models.PROTECT, related_name="agreed")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["combination", "member"], name="combination_yes_once")
        ]


class Alternative(models.Model):
    """A draft as amendments make it, written out whole when the vote opened."""

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("+")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="alternatives")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="alternatives")
    version = models.PositiveIntegerField()
    amendments = models.JSONField()  # ids, in the order of their lines
    text = words()
    at = models.DateTimeField()

    objects = AlternativeQuerySet.as_manager()


class Contribution(models.Model):
    """Somebody's words on an issue. `form`: voice, or, by a leader: answer or correction of fact."""

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("+")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="contributions")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=10)
    stage = models.CharField(max_length=10)
    stance = models.CharField(max_length=10, blank=True, default="")  # for, against, other, question
    as_leader = models.BooleanField(default=False)  # said as a leader on the issue: it stays
    answers = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="answered_by")
    version = models.PositiveIntegerField(default=1)
    source = words(null=True)
    at = models.DateTimeField()
    written_by = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="+"
    )  # whose hand put it down for its author, where not their own
    disowned_at = models.DateTimeField(null=True)  # since then its author says that it is not theirs

    objects = ContributionQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["issue", "at"], name="contribution_by_time")]


class ContributionVersion(models.Model):
    """The words of a contribution at one time."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    text = words()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contribution", "version"], name="contribution_version_once")
        ]


class FactCover(models.Model):
    """A member who says that a leader's "fact" argues; three of them cover it until the stage is over."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="covers")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contribution", "member"], name="fact_cover_once")
        ]


class SpokenOf(models.Model):
    """The lines of a draft that a contribution speaks of, in the version that its author read."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    contribution = models.OneToOneField(Contribution, on_delete=models.PROTECT, related_name="lines")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="spoken_of")
    version = models.PositiveIntegerField()
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()


class Statement(models.Model):
    """One sealed statement of a leader on an issue, opened by the clock when the leaders answer."""

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("+")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="statements")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    text = words()
    sealed_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["issue", "author"], name="statement_once")]


class Letter(models.Model):
    """A document from outside, whole and without comment."""

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("+")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="letters")
    posted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    sender = words()
    text = words()
    received_at = models.DateTimeField()
    at = models.DateTimeField()

    objects = LetterQuerySet.as_manager()


class Attachment(models.Model):
    """A picture or a PDF file that came with words: a contribution's, a letter's, a draft's, an amendment's.

    `version`: with which later version of the draft it came; 0 with the first, and for everything else.
    """

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("+")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="attachments")
    contribution = models.ForeignKey(
        Contribution, null=True, on_delete=models.PROTECT, related_name="attachments"
    )
    letter = models.ForeignKey(Letter, null=True, on_delete=models.PROTECT, related_name="attachments")
    draft = models.ForeignKey(Draft, null=True, on_delete=models.PROTECT, related_name="attachments")
    version = models.PositiveIntegerField(default=0)
    amendment = models.ForeignKey(
        "Amendment", null=True, on_delete=models.PROTECT, related_name="attachments"
    )
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="attachments")
    form = models.CharField(max_length=10)  # picture, pdf
    size = models.PositiveIntegerField()  # bytes
    name = words()
    file = words()  # in base64
    at = models.DateTimeField()

    objects = AttachmentQuerySet.as_manager()


class Shortening(models.Model):
    """A proposal to shorten an issue, by a letter that names a date; `shortened_at` where it came to that."""

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("+")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="shortenings")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    before = models.DateTimeField()  # the date from outside
    at = models.DateTimeField()
    shortened_at = models.DateTimeField(null=True)
    supported = models.PositiveIntegerField(null=True)  # by how many, when it was made so
    needed = models.PositiveIntegerField(null=True)
    would_end = models.DateTimeField(null=True)  # the vote, in its ordinary time

    objects = ShorteningQuerySet.as_manager()


class ShorteningSupporter(models.Model):
    """A member who stands behind shortening an issue."""

    table_kind: ClassVar[str] = "public"

    organisation = belongs_to_organisation("+")
    shortening = models.ForeignKey(Shortening, on_delete=models.PROTECT, related_name="supporters")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shortening", "member"], name="shortening_supporter_once")
        ]


class Resolution(models.Model):
    """A text the members voted, in force by itself."""

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("resolutions")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="resolutions")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    alternative = models.ForeignKey(Alternative, null=True, on_delete=models.PROTECT, related_name="+")
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="+")
    text = words()
    in_force_at = models.DateTimeField()

    objects = ResolutionQuerySet.as_manager()


class ArchivedThread(models.Model):
    """A thread of another program, brought along to be read; see archives.py. No act depends on one."""

    table_kind: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=16)
    organisation = belongs_to_organisation("+")
    brought_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=20)
    thread = words()
    at = models.DateTimeField()

    objects = ArchivedThreadQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "at"], name="archive_by_time")]


class FromFile(models.Model):
    """What a member read from a file and has not put yet. Private: no entry, nobody else sees it.

    `issue`: the one it belongs to; none while a file is looked at. `what`: issue, archive.
    """

    table_kind: ClassVar[str] = "private"

    organisation = belongs_to_organisation("+")
    owner = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    issue = models.ForeignKey(Issue, null=True, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=10)
    data = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["owner", "what"], name="from_file_by_owner")]


class Reading(models.Model):
    """Where a member was in a talk, and whether they follow it. Private: no entry, nobody else sees it.

    `seen_until`: the newest contribution there was, by the number of its first version. What came after
    `new_since` is marked as new, on `day`.
    """

    table_kind: ClassVar[str] = "private"

    organisation = belongs_to_organisation("+")
    owner = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="+")
    seen_until = models.BigIntegerField()
    new_since = models.BigIntegerField()
    day = models.DateField()
    follows = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "issue"], name="reading_once")]


class Mute(models.Model):
    """Whose words a member does not want to see. Private: no entry, nobody else sees it."""

    table_kind: ClassVar[str] = "private"

    organisation = belongs_to_organisation("+")
    owner = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="mutes")
    muted = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "muted"], name="mute_once")]
