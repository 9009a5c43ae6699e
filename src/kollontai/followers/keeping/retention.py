# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long everything is kept, and what takes it away: the one place that pages, documents and tests read.

Every table of the database stands in one line, and in no other. `python -m tools.retention` writes
`docs/retention.md` from here.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from kollontai.chapters.accounts.codes import GOOD_FOR
from kollontai.chapters.accounts.once import KEPT_FOR as FORMS_FOR
from kollontai.chapters.accounts.paper import GOOD_FOR as PAPER_FOR
from kollontai.chapters.accounts.post import KEPT as MAIL_FOR
from kollontai.chapters.accounts.slips import GOOD_FOR as SLIPS_FOR
from kollontai.chapters.deliberation.fromfile import KEPT_FOR as FILES_FOR

MINUTES = int(GOOD_FOR.total_seconds() // 60)


@dataclass(frozen=True)
class Kept:
    """One kind of thing: what it is, how long it is kept, and in which tables it lies."""

    what: str | Promise
    until: str | Promise
    tables: tuple[str, ...]


def _said(text: Promise, **numbers: int) -> Promise:
    """Words with numbers in them, put together when they are read, in the reader's language."""
    said: Promise = lazy(lambda: str(text) % numbers, str)()
    return said


KEPT = (
    Kept(
        _("Entries of the record, and what they are signed with"),
        _("for ever; they hold no names and no texts"),
        ("record_entryrow", "record_node", "record_head", "record_outbox", "record_cosignature"),
    ),
    Kept(
        _("Names, texts, pictures and papers"),
        _(
            "until their author erases them; what was voted on, is in force, or was said as a leader stays, "
            "and so do letters, petitions and why an issue was raised"
        ),
        ("record_content",),
    ),
    Kept(
        _("Who belongs, in which unit, who vouched"),
        _("for ever, by a random number; the name, until whoever has left has it erased"),
        ("members_unit", "members_member", "members_voucher", "members_lettervoucher", "members_mergeyes"),
    ),
    Kept(
        _("Mail addresses, and which account speaks for whom"),
        _("as long as the account, or until a name is erased; the record shows only that there is one"),
        ("members_contact", "accounts_account", "accounts_passkey", "accounts_token"),
    ),
    Kept(
        _("The charter, its limits, dues, calendar and law notes"),
        _("for ever"),
        ("record_organisation", "charter_charter", "charter_limit", "charter_dues", "charter_lawnote",
         "charter_quietdays", "charter_votingday"),
    ),
    Kept(
        _("Posts, who held them, elections, candidates"),
        _("for ever"),
        ("bodies_post", "bodies_claim", "bodies_term", "elections_election", "elections_candidacy",
         "elections_candidacyversion", "elections_offer"),
    ),
    Kept(
        _("Issues, drafts, amendments, what was said on them"),
        _("for ever; the words themselves as long as they are not erased"),
        ("deliberation_issue", "deliberation_stagerow", "deliberation_supporter", "deliberation_bigcall",
         "deliberation_draft", "deliberation_draftversion", "deliberation_drafteffects",
         "deliberation_draftsupporter", "deliberation_questionagain", "deliberation_amendment",
         "deliberation_amendmentversion", "deliberation_amendmentsupporter", "deliberation_combination",
         "deliberation_combinationyes", "deliberation_alternative", "deliberation_contribution",
         "deliberation_contributionversion", "deliberation_factcover", "deliberation_spokenof",
         "deliberation_statement", "deliberation_letter", "deliberation_attachment",
         "deliberation_shortening", "deliberation_shorteningsupporter", "deliberation_resolution",
         "deliberation_archivedthread", "writing_in_naming", "writing_in_writein"),
    ),
    Kept(
        _("Votes: paper, roll, count, and ballots of open votes"),
        _("for ever"),
        ("voting_poll", "voting_openballot", "voting_lotshare", "voting_outsideentry", "voting_secretbox"),
    ),
    Kept(
        _("Who took part in a secret vote"),
        _(
            "six months after it, unless the charter says otherwise (a year at most); "
            "then nobody can tell any more"
        ),
        ("voting_voter",),
    ),
    Kept(
        _("Sealed ballots of a secret vote, and the key that opens them"),
        _("until the count, which destroys both; the opened ballots stay, without names"),
        ("voting_sealedballot",),
    ),
    Kept(
        _("Petitions and their signatures, by aliases"),
        _("for ever"),
        ("petitions_petition", "petitions_signature", "petitions_sample"),
    ),
    Kept(
        _("Whose alias a signature is"),
        _(
            "six months after the petition, unless the charter says otherwise (a year at most); "
            "then nobody can tell any more"
        ),
        ("petitions_signaturelink",),
    ),
    Kept(
        _("What one follows, whom one muted, where one was in a talk"),
        _("until one changes it; nobody else sees it"),
        ("deliberation_reading", "deliberation_mute"),
    ),
    Kept(
        _("What one read from a file and has not put yet"),
        _said(_("%(days)s days"), days=FILES_FOR.days),
        ("deliberation_fromfile",),
    ),
    Kept(
        _("Codes for signing in"),
        _said(_("%(minutes)s minutes"), minutes=MINUTES),
        ("accounts_emailcode",),
    ),
    Kept(
        _("Codes that came on paper, for signing in"),
        _said(
            _("until they are used, or another takes their place; they are good for %(days)s days"),
            days=PAPER_FOR.days,
        ),
        ("accounts_lettercode",),
    ),
    Kept(
        _("Codes on slips, for undoing what a neighbour wrote in"),
        _said(
            _("until it is undone; they are good for %(days)s days, and put away with the next one drawn"),
            days=SLIPS_FOR.days,
        ),
        ("accounts_slipcode",),
    ),
    Kept(
        _("How one wants notices, and the address of one’s calendar"),
        _("until one changes it; nobody else sees it"),
        ("followers_wish", "followers_feed"),
    ),
    Kept(
        _("What is to be told, how far the record was read for it, and when the next letter is due"),
        _("until every digest has told it"),
        ("followers_news", "followers_due", "followers_place"),
    ),
    Kept(
        _("That one is signed in on a device"),
        _("180 days, or until one signs out"),
        ("django_session",),
    ),
    Kept(
        _("How often something was tried, by a fingerprint"),
        _("two days at most"),
        ("accounts_tries",),
    ),
    Kept(
        _("That a form was sent, by a fingerprint"),
        _said(_("%(days)s days"), days=FORMS_FOR.days),
        ("accounts_formkey",),
    ),
    Kept(
        _("Messages"),
        _said(
            _("their words until they are sent; that one was sent, and where to, %(days)s days"),
            days=MAIL_FOR.days,
        ),
        ("accounts_mail",),
    ),
    Kept(
        _("What the clock has to do and did; whose turn it is"),
        _("for ever; it names nobody"),
        ("record_deadline", "record_lock", "demos_democlock"),
    ),
    Kept(
        _("The last audit of its own, and what this house has seen of other records"),
        _("until the next one"),
        ("record_ownaudit", "record_witnessedlog"),
    ),
    Kept(
        _("The fingerprint of an export, worked out shortly before it is stamped"),
        _("until the next one"),
        ("followers_exportreading",),
    ),
    Kept(
        _("Lists of the framework; rights never come from them"),
        _("for ever; they name nobody"),
        ("auth_permission", "auth_group", "auth_group_permissions", "django_content_type",
         "django_migrations"),
    ),
)  # fmt: skip

BACKUPS = Kept(
    _("Backups"),
    _("30 days: what was erased is gone from them too by then"),
    (),
)
"""No table, and a promise of the host: the software makes them and does not clear them away."""
