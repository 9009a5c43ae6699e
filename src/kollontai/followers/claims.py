# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the server claims, straight from its rows: the other half of every audit.

Each public table has its list here, column by column, with nothing derived. The auditor derives the
same from the record alone; where the two differ, somebody wrote into a table behind the acts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from django.db import connection
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    Expression,
    ExpressionWrapper,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Coalesce

from kollontai.chapters.bodies.models import Claim, Post, Term
from kollontai.chapters.charter.models import Charter, Dues, LawNote, Limit, QuietDays, VotingDay
from kollontai.chapters.deliberation.models import (
    Alternative,
    Amendment,
    AmendmentSupporter,
    AmendmentVersion,
    ArchivedThread,
    Attachment,
    BigCall,
    Combination,
    CombinationYes,
    Contribution,
    ContributionVersion,
    Draft,
    DraftEffects,
    DraftSupporter,
    DraftVersion,
    FactCover,
    Issue,
    Letter,
    QuestionAgain,
    Resolution,
    Shortening,
    ShorteningSupporter,
    SpokenOf,
    StageRow,
    Statement,
    Supporter,
)
from kollontai.chapters.elections.models import Candidacy, CandidacyVersion, Election, Offer
from kollontai.chapters.members.models import (
    Contact,
    LetterVoucher,
    Member,
    MergeYes,
    Standing,
    Unit,
    Voucher,
)
from kollontai.chapters.petitions.models import Petition, Sample, Signature, SignatureLink
from kollontai.chapters.record.models import Content, Head, Organisation
from kollontai.chapters.voting.models import (
    LotShare,
    OpenBallot,
    OutsideEntry,
    Poll,
    SecretBox,
    Voter,
)
from kollontai.chapters.writing_in.models import Naming, WriteIn
from kollontai.followers.asking import asked_once

Row = dict[str, Any]
LISTS: dict[str, Callable[[str], list[Row]]] = {}
TAKEN_FROM: dict[str, tuple[type[Model], ...]] = {}
"""The tables that a list is taken from: where there is no row in any, the list is empty."""


def claims(organisation: Organisation) -> Row:
    """Everything public that the rows say of this organisation, for members."""
    charter = Charter.objects.filter(organisation=organisation).order_by("-version").first()
    members = Member.objects.filter(organisation=organisation)
    state: Row = {
        "v": 1,
        "level": "members",
        "organisation": {
            "id": organisation.pk,
            "origin": organisation.origin,
            "zone": organisation.zone,
            "preset": organisation.preset,
            "joining": organisation.joining,
            "opened_at": _time(organisation.opened_at),
            "founded_at": _time(organisation.founded_at),
            "signed": members.exclude(signed_at=None).count(),
            "listed": members.filter(listed=True).count(),
        },
        "record": {"size": Head.objects.get(pk=organisation.pk).size},
        "articles": {
            "version": charter.articles_version if charter else 0,
            "sha256": charter.articles_sha256 if charter else "",
        },
        "limits": dict(Limit.objects.filter(organisation=organisation).values_list("key", "value")),
        "pointers": pointers(organisation.pk),
    }
    filled = _filled(organisation.pk)
    for name, rows in LISTS.items():
        state[name] = rows(organisation.pk) if not filled.isdisjoint(TAKEN_FROM[name]) else []
    return state


def _list(
    name: str, model: type[Model], order: tuple[str, ...], **columns: str | Expression | Exists
) -> None:
    """Claim a table: `claim=column` for each column, sorted by `order`."""

    @asked_once
    def asked() -> QuerySet[Any, Any]:
        worked_out = {f"c_{claim}": one for claim, one in columns.items() if not isinstance(one, str)}
        taken = [one if isinstance(one, str) else f"c_{claim}" for claim, one in columns.items()]
        every = model._default_manager.order_by(*order).annotate(**worked_out)
        return every.values_list(*taken)

    def rows(organisation_id: str) -> list[Row]:
        return [
            {claim: _plain(value) for claim, value in zip(columns, row, strict=True)}
            for row in asked(organisation_id)
        ]

    LISTS[name] = rows
    TAKEN_FROM[name] = (model,)


SIGNED = ExpressionWrapper(Q(signed_at__isnull=False), output_field=BooleanField())
REACHED_HERE = Exists(Contact.objects.filter(member=OuterRef("pk"), organisation=OuterRef("organisation")))


def or_nothing(column: str) -> Coalesce:
    """An id, or an empty text where there is none."""
    return Coalesce(F(column), Value(""))


_list(
    "units", Unit, ("id",),
    unit="id", parent="parent_id", merged_into="merged_into_id", merged_at="merged_at",
)  # fmt: skip
_list(
    "merge_yeses", MergeYes, ("issue",),
    unit="unit_id", merged="merged_id", into="into_id", issue="issue", draft="draft", at="at",
    until="until", over_at="over_at",
)  # fmt: skip
_list(
    "members", Member, ("id",),
    member="id", unit="unit_id", standing="standing", ground="ground", joined_at="joined_at",
    left_at="left_at", signed=SIGNED, contact=REACHED_HERE,
)  # fmt: skip
_list("vouchers", Voucher, ("applicant_id", "by_id", "at"), applicant="applicant_id", by="by_id", at="at")
_list(
    "letter_vouchers", LetterVoucher, ("member_id", "by_id", "at"),
    member="member_id", by="by_id", at="at", second="second",
)  # fmt: skip
_list(
    "posts", Post, ("id",),
    post="id", unit="unit_id", leading="leading", seats="seats", term_days="term_days",
    duty="duty", pay="pay", box="box", ended_at="ended_at",
)  # fmt: skip
_list(
    "claims", Claim, ("post_id", "member_id"),
    post="post_id", member="member_id", elected_at="elected_at", old_end="old_end", poll="poll",
    outcome="outcome",
)  # fmt: skip
_list(
    "terms", Term, ("id",),
    term="id", post="post_id", member="member_id", poll="poll", how="how", leading="leading", pay="pay",
    duty="duty", begins_at="begins_at",
    ends_at="ends_at", ended_at="ended_at", ended_why="ended_why",
)  # fmt: skip
_list(
    "charters", Charter, ("version",),
    version="version", what="what", key="key", value="value", of="of", was="was", was_of="was_of",
    joining="joining", issue="issue", draft="draft", since="since",
)  # fmt: skip
_list(
    "law_notes", LawNote, ("id",),
    note="id", article="article", touches="touches", issue="issue", draft="draft", since="since",
    until="until", lapsed_at="lapsed_at",
)  # fmt: skip
_list(
    "dues", Dues, ("number",),
    number="number", amount="amount", issue="issue", draft="draft", since="since",
)  # fmt: skip
_list(
    "issues", Issue, ("id",),
    issue="id", number="number", unit="unit_id", raised_by=or_nothing("raised_by_id"), by_leader="by_leader",
    for_body="for_body_id",
    weight="weight", limits="limits", needed="needed", raised_at="raised_at", stage="stage",
    stage_began_at="stage_began_at", stage_ends_at="stage_ends_at", drafts_close_at="drafts_close_at",
    poll=or_nothing("poll_id"), outcome="outcome", ended_at="ended_at", made_big_at="made_big_at",
    made_big_why="made_big_why", all_led="all_led", shortened_at="shortened_at",
)  # fmt: skip
_list(
    "stages", StageRow, ("issue_id", "stage"),
    issue="issue_id", stage="stage", began_at="began_at", ends_at="ends_at",
)  # fmt: skip
_list(
    "questions_again", QuestionAgain, ("draft_id", "version"),
    draft="draft_id", version="version", issue="issue_id", earlier="earlier_id", needed="needed", at="at",
)  # fmt: skip
_list(
    "shortenings", Shortening, ("id",),
    shortening="id", issue="issue_id", letter="letter_id", proposed_by="proposed_by_id", before="before",
    at="at", shortened_at="shortened_at", supported="supported", needed="needed", would_end="would_end",
)  # fmt: skip
_list(
    "shortening_supporters", ShorteningSupporter, ("shortening_id", "member_id"),
    shortening="shortening_id", member="member_id", at="at",
)  # fmt: skip
_list(
    "quiet_days", QuietDays, ("number",),
    number="number", year="year", days="days", issue="issue", draft="draft", since="since",
)  # fmt: skip
_list(
    "voting_days", VotingDay, ("number",),
    number="number", day="day", issue="issue", draft="draft", since="since",
)  # fmt: skip
_list("big_calls", BigCall, ("issue_id", "member_id"), issue="issue_id", member="member_id", at="at")
_list(
    "supporters", Supporter, ("issue_id", "member_id"),
    issue="issue_id", member="member_id", at="at", withdrawn_at="withdrawn_at", write_in="write_in",
)  # fmt: skip
_list(
    "drafts", Draft, ("id",),
    draft="id", issue="issue_id", letter="letter", mover=or_nothing("mover_id"), first="first",
    version="version", put_at="put_at", withdrawn_at="withdrawn_at",
)  # fmt: skip
_list("effects", DraftEffects, ("draft_id", "version"), draft="draft_id", version="version", what="what")
_list(
    "draft_supporters", DraftSupporter, ("draft_id", "member_id"),
    draft="draft_id", member="member_id", at="at", write_in="write_in",
)  # fmt: skip
_list(
    "amendments", Amendment, ("id",),
    amendment="id", issue="issue_id", draft="draft_id", parent=or_nothing("parent_id"), number="number",
    mover="mover_id", operation="operation", version="version", first="first", last="last", newest="newest",
    moved_at="moved_at", withdrawn_at="withdrawn_at", accepted_at="accepted_at", accepted_as="accepted_as",
)  # fmt: skip
_list(
    "amendment_supporters", AmendmentSupporter, ("amendment_id", "member_id"),
    amendment="amendment_id", member="member_id", at="at", write_in="write_in",
)  # fmt: skip
_list(
    "combinations", Combination, ("id",),
    combination="id", issue="issue_id", draft="draft_id", amendments="amendments",
    proposed_by="proposed_by_id", proposed_at="proposed_at", combined_at="combined_at",
)  # fmt: skip
_list(
    "combination_yes", CombinationYes, ("combination_id", "member_id"),
    combination="combination_id", member="member_id", at="at",
)  # fmt: skip
_list(
    "alternatives", Alternative, ("id",),
    alternative="id", issue="issue_id", draft="draft_id", version="version", amendments="amendments", at="at",
)  # fmt: skip
_list(
    "contributions", Contribution, ("id",),
    contribution="id", issue="issue_id", author="author_id", form="form", stage="stage", stance="stance",
    answers=or_nothing("answers_id"), version="version", at="at", written_by=or_nothing("written_by_id"),
    disowned_at="disowned_at",
)  # fmt: skip
_list(
    "namings", Naming, ("id",),
    naming="id", member="member_id", writer="writer_id", at="at", ended_at="ended_at",
)  # fmt: skip
_list(
    "write_ins", WriteIn, ("id",),
    write_in="id", member="member_id", writer="writer_id", issue="issue_id", to="to", of="of", at="at",
    undone_at="undone_at", undone_how="undone_how",
)  # fmt: skip
_list(
    "attachments", Attachment, ("id",),
    attachment="id", issue="issue_id", contribution=or_nothing("contribution_id"),
    letter=or_nothing("letter_id"), draft=or_nothing("draft_id"), version="version",
    amendment=or_nothing("amendment_id"), author="author_id", form="form", size="size", at="at",
)  # fmt: skip
_list(
    "spoken_of", SpokenOf, ("contribution_id",),
    contribution="contribution_id", draft="draft_id", version="version", first="first", last="last",
)  # fmt: skip
_list(
    "fact_covers", FactCover, ("contribution_id", "member_id"),
    contribution="contribution_id", member="member_id", at="at",
)  # fmt: skip
_list(
    "statements", Statement, ("id",),
    statement="id", issue="issue_id", author="author_id", sealed_at="sealed_at", opened_at="opened_at",
)  # fmt: skip
_list(
    "letters", Letter, ("id",),
    letter="id", issue="issue_id", posted_by="posted_by_id", received_at="received_at", at="at",
)  # fmt: skip
_list(
    "archives", ArchivedThread, ("id",),
    archive="id", brought_by="brought_by_id", source="source", at="at",
)  # fmt: skip
_list(
    "outside_entries", OutsideEntry, ("poll_id", "member_id", "at"),
    poll="poll_id", member="member_id", cast="cast", sha256="sha256", at="at", taken_back_at="taken_back_at",
)  # fmt: skip
_list("voters", Voter, ("poll_id", "member_id"), poll="poll_id", member="member_id")
_list("ballots", OpenBallot, ("poll_id", "voter_id"), poll="poll_id", voter="voter_id", at="at")
_list(
    "elections", Election, ("id",),
    election="id", post="post_id", why="why", fills="fills", seats="seats", round="round", half="half",
    state="state", opened_at="opened_at", closes_at="closes_at", members_since="members_since",
    begins_at="begins_at", ends_at="ends_at", after="after", poll="poll", limits="limits",
    leading="leading", pay="pay", duty="duty", elected="elected", reopened="reopened", unfilled="unfilled",
)  # fmt: skip
_list(
    "nominations", Candidacy, ("election_id", "member_id"),
    election="election_id", member="member_id", at="at", by="by_id", state="state", half="half",
    version="version", answered_at="answered_at",
)  # fmt: skip
_list(
    "boxes", SecretBox, ("poll_id",),
    poll="poll_id", key="key", size="size", seats="seats", rule="rule", most_ranks="most_ranks", lot="lot",
    lots_until="lots_until", state="state", links_destroyed="links_destroyed", secret="secret",  # noqa: S106
)  # fmt: skip
_list(
    "offers", Offer, ("term_id", "member_id"),
    term="term_id", member="member_id", poll="poll", until="until", ends_at="ends_at", state="state",
    offered_at="offered_at",
)  # fmt: skip
_list(
    "petitions", Petition, ("id",),
    petition="id", about="about", subject="subject", unit="unit_id", base="base", needed="needed",
    units_needed="units_needed", limits="limits", opened_at="opened_at", closes_at="closes_at",
    state="state", ended_at="ended_at", poll="poll", outcome="outcome", links_destroyed="links_destroyed",
)  # fmt: skip
_list(
    "signatures", Signature, ("petition_id", "alias"),
    petition="petition_id", alias="alias", unit=or_nothing("unit_id"), at="at", withdrawn_at="withdrawn_at",
)  # fmt: skip
_list(
    "samples", Sample, ("petition_id", "scrutineer_id"),
    petition="petition_id", scrutineer="scrutineer_id", aliases="aliases", at="at", reported_at="reported_at",
    signed="signed", denied="denied", silent="silent",
)  # fmt: skip
# For each alias, that a tie to its owner is kept still; to whom, stands in no claim.
_list("ties", SignatureLink, ("petition_id", "alias"), petition="petition_id", alias="alias")
_list(
    "resolutions", Resolution, ("id",),
    resolution="id", issue="issue_id", draft="draft_id", alternative=or_nothing("alternative_id"),
    poll="poll_id",
    text_commitment="text__commitment", in_force_at="in_force_at",
)  # fmt: skip


_POLL = ("about", "subject", "form", "box", "options", "status_quo", "roll_count", "quorum_bp", "more_than",
         "opens_at", "closes_at", "state", "closed_at", "cast", "outcome", "figures")  # fmt: skip
_asked_polls = asked_once(
    lambda: Poll.objects.order_by("id").values_list("pk", "unit_id", "majority_num", "majority_den", *_POLL)
)


def _polls(organisation_id: str) -> list[Row]:
    return [
        {
            "poll": poll,
            "unit": unit,
            "majority": [num, den],
            **dict(zip(_POLL, map(_plain, rest), strict=True)),
        }
        for poll, unit, num, den, *rest in _asked_polls(organisation_id)
    ]


_CONTENT = ("commitment", "kind", "field", "author", "audience", "held_until", "erased_at")
_asked_contents = asked_once(lambda: Content.objects.order_by("commitment").values_list(*_CONTENT))


def _contents(organisation_id: str) -> list[Row]:
    return [
        {**dict(zip(_CONTENT[:-1], row[:-1], strict=True)), "erased": row[-1] is not None}
        for row in _asked_contents(organisation_id)
    ]


_asked_invitations = asked_once(
    lambda: (
        Member.objects.exclude(invited_at=None).order_by("id").values_list("id", "invited_by", "invited_at")
    )
)


def _invitations(organisation_id: str) -> list[Row]:
    return [
        {"member": member, "by": by, "at": _time(at)}
        for member, by, at in _asked_invitations(organisation_id)
    ]


_asked_waiting = asked_once(
    lambda: (
        Member.objects.filter(standing=Standing.APPLICANT)
        .order_by("id")
        .values_list("id", "applied_at", "admit_at", "vouchers_needed")
    )
)


def _waiting(organisation_id: str) -> list[Row]:
    return [
        {
            "member": member,
            "asked_at": _time(asked),
            "admitted_at": _time(admitted),
            "vouchers_needed": needed,
        }
        for member, asked, admitted, needed in _asked_waiting(organisation_id)
    ]


_asked_changes = asked_once(
    lambda: (
        Contact.objects.exclude(pending_from=None)
        .order_by("member_id")
        .values_list("member_id", "pending_from")
    )
)


def _contact_changes(organisation_id: str) -> list[Row]:
    return [{"member": member, "effective_at": _time(at)} for member, at in _asked_changes(organisation_id)]


_asked_begun = [
    asked_once(partial(model._default_manager.values_list, "id", "created_at")) for model in (Unit, Post)
]


def _begun(organisation_id: str) -> list[Row]:
    """When each unit and post came into being: young posts do not count for who is silenced."""
    rows = [
        {"thing": thing, "at": _time(at)} for asked in _asked_begun for thing, at in asked(organisation_id)
    ]
    return sorted(rows, key=lambda row: str(row["thing"]))


def _versions(model: type[Model], thing: str, began: str) -> Callable[[str], list[tuple[Any, ...]]]:
    return asked_once(
        lambda: model._default_manager.exclude(version=1, at=F(began)).values_list(thing, "version", "at")
    )


_asked_revisions = [
    _versions(ContributionVersion, "contribution_id", "contribution__at"),
    _versions(DraftVersion, "draft_id", "draft__put_at"),
    _versions(AmendmentVersion, "amendment_id", "amendment__moved_at"),
]


def _revisions(organisation_id: str) -> list[Row]:
    """Every version but the first; and a first that does not bear the time of what it is a version of."""
    rows = [
        {"thing": thing, "version": version, "at": _time(at)}
        for asked in _asked_revisions
        for thing, version, at in asked(organisation_id)
    ]
    return sorted(rows, key=lambda row: (row["thing"], row["version"]))


def _said_as_leader(organisation_id: str) -> list[Row]:
    said = Contribution.objects.filter(organisation_id=organisation_id, as_leader=True).order_by("id")
    return [{"contribution": one} for one in said.values_list("id", flat=True)]


def _marks(organisation_id: str) -> list[Row]:
    """How many took part in each counted secret poll; who they were stands in no claim.

    Elsewhere a mark has no business: it would keep somebody from voting, so it is told wherever it stands.
    """
    return [{"poll": poll, "marks": marks} for poll, marks in _marked(organisation_id)]


@asked_once
def _marked() -> QuerySet[Any, Any]:
    polls = Poll.objects.annotate(marks=Count("voters", filter=Q(voters__marked=True)))
    counted = Q(secret_box__state="counted", secret_box__links_destroyed=False)  # noqa: S106 - a state
    elsewhere = Q(secret_box=None) | Q(secret_box__state="lost")  # noqa: S106 - a state
    told = polls.filter(counted | (elsewhere & Q(marks__gt=0))).order_by("pk")
    return told.values_list("pk", "marks")


def _candidate_words(organisation_id: str) -> list[Row]:
    """When each version of what a candidate says of themself was put; the words stand in the pointers."""
    versions = CandidacyVersion.objects.filter(organisation_id=organisation_id).order_by(*CANDIDACY)
    return [
        {"election": row[0], "member": row[1], "version": row[2], "at": _time(row[3])}
        for row in versions.values_list(*CANDIDACY, "at")
    ]


def _lots(organisation_id: str) -> list[Row]:
    shares = LotShare.objects.filter(organisation_id=organisation_id).order_by("poll_id", "member_id")
    return [
        {"poll": share.poll_id, "member": share.member_id, "sha256": share.sha256,
         "shown": share.sentence_id is not None}
        for share in shares
    ]  # fmt: skip


LISTS["polls"] = _polls
LISTS["marks"] = _marks
LISTS["lots"] = _lots
LISTS["candidate_words"] = _candidate_words
LISTS["contents"] = _contents
LISTS["invitations"] = _invitations
LISTS["waiting"] = _waiting
LISTS["contact_changes"] = _contact_changes
LISTS["begun"] = _begun
LISTS["revisions"] = _revisions
LISTS["said_as_leader"] = _said_as_leader
TAKEN_FROM |= {
    "polls": (Poll,),
    "marks": (Poll,),
    "lots": (LotShare,),
    "candidate_words": (CandidacyVersion,),
    "contents": (Content,),
    "invitations": (Member,),
    "waiting": (Member,),
    "contact_changes": (Contact,),
    "begun": (Unit, Post),
    "revisions": (ContributionVersion, DraftVersion),
    "said_as_leader": (Contribution,),
}

CANDIDACY = ("candidacy__election_id", "candidacy__member_id", "version")

POINTERS: tuple[tuple[str, type[Model], tuple[str, ...], str], ...] = (
    ("unit.name", Unit, ("id",), "name"),
    ("member.name", Member, ("id",), "name"),
    ("charter.text", Charter, ("version",), "text"),
    ("law_note.words", LawNote, ("id",), "words"),
    ("post.title", Post, ("id",), "title"),
    ("claim.minutes", Claim, ("post_id", "member_id"), "minutes"),
    ("poll.roll", Poll, ("id",), "roll"),
    ("poll.paper", Poll, ("id",), "paper"),
    ("poll.count", Poll, ("id",), "count"),
    ("ballot.choice", OpenBallot, ("poll_id", "voter_id"), "choice"),
    ("issue.title", Issue, ("id",), "title"),
    ("issue.text", Issue, ("id",), "text"),
    ("draft.title", DraftVersion, ("draft_id", "version"), "title"),
    ("draft.text", DraftVersion, ("draft_id", "version"), "text"),
    ("amendment.text", AmendmentVersion, ("amendment_id", "version"), "text"),
    ("amendment.reasons", Amendment, ("id",), "reasons"),
    ("alternative.text", Alternative, ("id",), "text"),
    ("effects.effects", DraftEffects, ("draft_id", "version"), "effects"),
    ("contribution.text", ContributionVersion, ("contribution_id", "version"), "text"),
    ("contribution.source", Contribution, ("id",), "source"),
    ("statement.text", Statement, ("id",), "text"),
    ("letter.sender", Letter, ("id",), "sender"),
    ("letter.text", Letter, ("id",), "text"),
    ("attachment.name", Attachment, ("id",), "name"),
    ("attachment.file", Attachment, ("id",), "file"),
    ("archive.thread", ArchivedThread, ("id",), "thread"),
    ("candidacy.statement", CandidacyVersion, CANDIDACY, "statement"),
    ("candidacy.picture", CandidacyVersion, CANDIDACY, "picture"),
    ("lot.sentence", LotShare, ("poll_id", "member_id"), "sentence"),
    ("offer.count", Offer, ("term_id", "member_id"), "count"),
    ("outside.report", OutsideEntry, ("poll_id", "member_id", "at"), "report"),
    ("outside.ballots", OutsideEntry, ("poll_id", "member_id", "at"), "ballots"),
    ("petition.title", Petition, ("id",), "title"),
    ("petition.text", Petition, ("id",), "text"),
    ("sample.sentence", Sample, ("petition_id", "scrutineer_id"), "sentence"),
    ("box.box", SecretBox, ("poll_id",), "sealed"),
    ("box.ballots", SecretBox, ("poll_id",), "ballots"),
)
"""Which words each row shows: name, table, the columns that name the row, the column that points."""


def pointers(organisation_id: str) -> list[list[str]]:
    """Every row's words by their commitment, so that a row pointed at other words is found."""
    found: list[list[str]] = []
    organisation = Organisation.objects.select_related("name", "unit_word").get(pk=organisation_id)
    found.append(["organisation.name", organisation_id, organisation.name.commitment])
    found.append(["organisation.unit_word", organisation_id, organisation.unit_word.commitment])
    filled = _filled(organisation_id)
    for name, model, key, column in POINTERS:
        if model not in filled:
            continue
        rows = _pointing(model, key, column)(organisation_id)
        found += [[name, "/".join(str(_plain(part)) for part in row[:-1]), row[-1]] for row in rows]
    return sorted(found)


@cache
def _pointing(
    model: type[Model], key: tuple[str, ...], column: str
) -> Callable[[str], list[tuple[Any, ...]]]:
    pointing = model._default_manager.exclude(**{column: None})
    return asked_once(lambda: pointing.values_list(*key, f"{column}__commitment"))


def _filled(organisation_id: str) -> set[type[Model]]:
    """The tables in which there is a row of this organisation: of most powers, few make use."""
    tables = _tables()
    with connection.cursor() as cursor:
        cursor.execute(_question(), {"organisation": organisation_id})
        return {tables[number] for (number,) in cursor.fetchall()}


@cache
def _tables() -> tuple[type[Model], ...]:
    taken = {model: None for models in TAKEN_FROM.values() for model in models}
    return tuple(taken | {model: None for _name, model, _key, _column in POINTERS})


@cache
def _question() -> str:
    return " UNION ALL ".join(
        f'SELECT {number} WHERE EXISTS (SELECT 1 FROM "{model._meta.db_table}"'  # noqa: S608 - our own tables
        " WHERE organisation_id = %(organisation)s)"
        for number, model in enumerate(_tables())
    )


def _plain(value: object) -> object:
    return _time(value) if isinstance(value, datetime) else value


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
