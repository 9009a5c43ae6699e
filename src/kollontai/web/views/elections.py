# SPDX-License-Identifier: AGPL-3.0-or-later
"""Elections: which run, one of them, putting forward, standing, taking it back; whom a vacancy asks."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kollontai.chapters.bodies.acts.resign import resign as resign_act
from kollontai.chapters.elections import queries
from kollontai.chapters.elections.acts.accept_acting import accept_acting
from kollontai.chapters.elections.acts.decline_acting import decline_acting
from kollontai.chapters.elections.acts.decline_nomination import decline_nomination
from kollontai.chapters.elections.acts.nominate import nominate
from kollontai.chapters.elections.acts.revise_candidacy import revise_candidacy
from kollontai.chapters.elections.acts.stand import stand as stand_act
from kollontai.chapters.elections.acts.withdraw_candidacy import withdraw_candidacy
from kollontai.chapters.record.act import require
from kollontai.followers import addresses
from kollontai.web.doing import Frame, doing
from kollontai.web.forms.elections import PutForwardForm, ReviseForm, StandForm
from kollontai.web.forms.members import YesForm
from kollontai.web.house import House, for_members, open_to_all
from kollontai.web.pages import elections as pages
from kollontai.web.pages import posts, versions
from kollontai.web.showing import show
from kollontai.web.times import full_day

if TYPE_CHECKING:
    from kollontai.chapters.elections.models import Election

FOR_EVER = "private, max-age=31536000, immutable"


@require_GET
@open_to_all
def elections(request: HttpRequest, house: House) -> HttpResponse:
    """Which posts are being filled, and how earlier elections ended."""
    context = {"running": pages.running(house), "over": pages.over(house)}
    return show(request, "kollontai/elections.html", context, way="posts")


@require_GET
@open_to_all
def election(request: HttpRequest, house: House, election_id: str) -> HttpResponse:
    """One election: where it stands, who stands, what one may do."""
    page = pages.election_page(house, pages.find(house, election_id))
    return show(request, "kollontai/election.html", {"page": page}, way="posts")


@require_GET
@for_members
def notice(request: HttpRequest, house: House, election_id: str) -> HttpResponse:
    """The notice of an election, for the wall: dates, post, who stands."""
    page = pages.election_page(house, pages.find(house, election_id))
    context = {"page": page, "address": addresses.on_paper("election", house.slug, election_id)}
    return show(request, "kollontai/election_notice.html", context, way="posts")


@require_GET
@for_members
def candidate(request: HttpRequest, house: House, election_id: str, member_id: str) -> HttpResponse:
    """A candidate with every version of what they said for themself."""
    election = pages.find(house, election_id)
    candidacy = pages.candidate(house, election, member_id)
    listed = queries.versions_of(candidacy)
    texts = ["", *(str(one.statement) for one in listed)]
    context = {
        "election": election,
        "title": pages.election_title(election),
        "candidacy": candidacy,
        "came_of": pages.came_of(candidacy)[0],
        "newest": listed[-1] if listed else None,
        "versions": [
            (one, versions.compare(texts[place], str(one.statement)) if place else None)
            for place, one in enumerate(listed)
        ],
    }
    return show(request, "kollontai/candidate.html", context, way="posts")


@require_GET
@for_members
def picture(request: HttpRequest, house: House, election_id: str, commitment: str) -> HttpResponse:
    """A candidate's picture. What stands under this address never changes."""
    election = pages.find(house, election_id)
    shown = pages.picture(house, election, commitment)
    response = HttpResponse(base64.b64decode(str(shown)), content_type="image/jpeg")
    response["Cache-Control"] = FOR_EVER
    return response


@for_members
def put_forward(request: HttpRequest, house: House, election_id: str) -> HttpResponse:
    """Look for a member, and put them forward."""
    election = pages.find(house, election_id)
    require(queries.may_nominate(election, house.me, at=house.now))
    words = request.POST.get("q", "") or request.GET.get("q", "")
    found = queries.names_like(election, words) if words.strip() else []
    frame = _frame(
        house,
        election,
        title=_("Put somebody forward"),
        lead=_("They are asked, and stand only by their own yes. That it was you, members can see."),
        button=_("Put them forward"),
        done=_("They are put forward, and asked."),
        template="kollontai/put_forward.html",
        more={"words": words, "found": found},
    )
    return doing(
        request,
        PutForwardForm.of(request, found=found, initial={"q": words}),
        frame,
        lambda nominee: nominate(house.actor, election_id=election.pk, nominee=nominee),
    )


@for_members
def stand(request: HttpRequest, house: House, election_id: str) -> HttpResponse:
    """Say yes to being put forward, or put oneself forward."""
    election = pages.find(house, election_id)
    mine = queries.candidacies_of(house.me).filter(election=election).first()
    require(queries.may_stand(election, house.me, mine, at=house.now))
    frame = _frame(
        house,
        election,
        title=_("Stand for %(post)s") % {"post": election.post.title},
        lead=_("You can put your words anew, and take them back, until nominations close."),
        button=_("I stand"),
        done=_("You stand."),
    )
    return doing(
        request,
        StandForm.of(request),
        frame,
        lambda **wanted: stand_act(house.actor, election_id=election.pk, **wanted),
    )


@for_members
def decline(request: HttpRequest, house: House, election_id: str) -> HttpResponse:
    """Say no to being put forward. No ground is asked."""
    election = pages.find(house, election_id)
    mine = queries.candidacies_of(house.me).filter(election=election).first()
    require(queries.may_decline(election, mine, at=house.now))
    frame = _frame(
        house,
        election,
        title=_("Say no"),
        lead=_("No ground is asked. If you think better of it, you may still stand until nominations close."),
        button=_("No, thank you"),
        done=_("You said no."),
    )
    return doing(
        request, YesForm.of(request), frame, lambda: decline_nomination(house.actor, election_id=election.pk)
    )


@for_members
def revise(request: HttpRequest, house: House, election_id: str) -> HttpResponse:
    """Put one's statement anew; what it said before stays readable."""
    election = pages.find(house, election_id)
    mine = queries.candidacies_of(house.me).filter(election=election).first()
    require(queries.may_withdraw(election, mine, at=house.now))
    assert mine is not None
    newest = queries.versions_of(mine)[-1]
    frame = _frame(
        house,
        election,
        title=_("Put your statement anew"),
        lead=_("What it said before stays readable."),
        button=_("Put it anew"),
        done=_("Your new statement stands."),
    )
    form = ReviseForm.of(
        request,
        kept=str(newest.picture) if newest.picture else "",
        initial={"statement": str(newest.statement)},
    )
    return doing(
        request,
        form,
        frame,
        lambda **wanted: revise_candidacy(house.actor, election_id=election.pk, **wanted),
    )


@for_members
def withdraw(request: HttpRequest, house: House, election_id: str) -> HttpResponse:
    """Stand no longer, until voting opens."""
    election = pages.find(house, election_id)
    mine = queries.candidacies_of(house.me).filter(election=election).first()
    require(queries.may_withdraw(election, mine, at=house.now))
    frame = _frame(
        house,
        election,
        title=_("Stand no longer"),
        lead=_("Your name comes on no ballot. What you said for yourself stays readable."),
        button=_("I stand no longer"),
        done=_("You stand no longer."),
        weighty=True,
    )
    return doing(
        request, YesForm.of(request), frame, lambda: withdraw_candidacy(house.actor, election_id=election.pk)
    )


def _frame(house: House, election: Election, **more: Any) -> Frame:
    return Frame(
        label=pages.election_title(election),
        back=reverse("election", args=[house.slug, election.pk]),
        way="posts",
        **more,
    )


# --- Whom a vacancy asks, and giving a post back -----------------------------------------------------


@for_members
def act_for_now(request: HttpRequest, house: House, term_id: str) -> HttpResponse:
    """As the next in line, say yes to holding a post until the by-election."""
    offer = pages.offer(house, term_id)
    require(queries.may_act(offer, house.me, at=house.now))
    frame = Frame(
        title=_("Hold it until the election"),
        label=str(offer.term.post.title),
        lead=_(
            "You come next by the ballots of the last election. You act until members have elected, at the "
            "latest until %(day)s."
        )
        % {"day": full_day(offer.ends_at)},
        button=_("I will"),
        done=_("You hold it until the election."),
        back=reverse("post", args=[house.slug, offer.term.post_id]),
        way="posts",
    )
    return doing(request, YesForm.of(request), frame, lambda: accept_acting(house.actor, term_id=term_id))


@for_members
def not_act(request: HttpRequest, house: House, term_id: str) -> HttpResponse:
    """As the next in line, say no; the one after is asked."""
    offer = pages.offer(house, term_id)
    require(queries.may_answer(offer, house.me, at=house.now))
    frame = Frame(
        title=_("Say no"),
        label=str(offer.term.post.title),
        lead=_("No ground is asked. Whoever comes after you is asked then."),
        button=_("No, thank you"),
        done=_("You said no."),
        back=reverse("post", args=[house.slug, offer.term.post_id]),
        way="posts",
    )
    return doing(request, YesForm.of(request), frame, lambda: decline_acting(house.actor, term_id=term_id))


@for_members
def resign(request: HttpRequest, house: House, term_id: str) -> HttpResponse:
    """Give back a post one holds."""
    term = posts.term(house, term_id)
    require(posts.may_resign(house, term))
    frame = Frame(
        title=_("Give it back"),
        label=str(term.post.title),
        lead=_(
            "At any time, and no ground is asked. Your term ends at once; the clock asks who is next in line "
            "and opens the election."
        ),
        button=_("I give it back"),
        done=_("You have given it back."),
        weighty=True,
        back=reverse("post", args=[house.slug, term.post_id]),
        way="posts",
    )
    return doing(request, YesForm.of(request), frame, lambda: resign_act(house.actor, term_id=term.pk))
