# SPDX-License-Identifier: AGPL-3.0-or-later
"""One's own account: how pages look, keys in devices, keys for programs, going out everywhere."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kollontai import clock
from kollontai.chapters.accounts import passkeys, post, steps, tokens
from kollontai.chapters.accounts.models import Account
from kollontai.web.forms.accounts import AppearanceForm, PasskeyForm, TokenForm
from kollontai.web.pages import people
from kollontai.web.showing import show
from kollontai.web.views.sign_in import CHALLENGE, door_of, safe


def for_accounts(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for whoever is signed in; others are asked to come in first."""

    @never_cache
    @functools.wraps(view)
    def routed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return HttpResponseRedirect(f"{reverse('sign-in')}?next={request.path}")
        return view(request, request.user, *args, **kwargs)

    return routed


@for_accounts
def account(request: HttpRequest, me: Account) -> HttpResponse:
    """Everything about one's own account, on one page."""
    return _page(request, me)


def _page(request: HttpRequest, me: Account, status: int = 200, **forms: Any) -> HttpResponse:
    now = clock.now()
    given = {"theme": me.theme, "language": me.language}
    context = {
        "passkeys": me.passkeys.order_by("created_at"),
        "tokens": me.tokens.filter(expires_at__gt=now).order_by("created_at"),
        "houses": people.contacts_of(me).select_related("member__organisation__name", "member__name"),
        "appearance": AppearanceForm(initial=given, prefix=""),
        "passkey": PasskeyForm(auto_id="key_%s"),
        "token": TokenForm(auto_id="token_%s"),
        "now": now,
        **forms,
    }
    return show(request, "kollontai/account.html", context, status=status)


@require_POST
@for_accounts
def appearance(request: HttpRequest, me: Account) -> HttpResponse:
    """Light, dark or as the device; which language."""
    form = AppearanceForm.of(request)
    if not form.is_valid():
        return _page(request, me, 422, appearance=form)
    Account.objects.filter(pk=me.pk).update(**form.wanted())
    request.session["theme"] = form.cleaned_data["theme"]
    answer = HttpResponseRedirect(reverse("account"))
    _keep_language(answer, form.cleaned_data["language"])
    return answer


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Read on in another language: this browser keeps the choice, and the account of whoever has one."""
    wanted = request.POST.get("language", "")
    if wanted not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    if request.user.is_authenticated:
        Account.objects.filter(pk=request.user.pk).update(language=wanted)
    answer = HttpResponseRedirect(safe(request, request.POST.get("next", "")) or reverse("door"))
    _keep_language(answer, wanted)
    return answer


def _keep_language(answer: HttpResponse, wanted: str) -> None:
    """Let this browser keep a language, or forget it: then pages are in what the browser asks for."""
    name = settings.LANGUAGE_COOKIE_NAME
    if not wanted:
        answer.delete_cookie(name, samesite=settings.LANGUAGE_COOKIE_SAMESITE)
        return
    answer.set_cookie(
        name,
        wanted,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


@require_POST
@for_accounts
def put_hints_away(request: HttpRequest, me: Account) -> HttpResponse:
    """No more hints; with `again`, all those that still hold."""
    again = request.POST.get("again") == "1"
    Account.objects.filter(pk=me.pk).update(hints=again)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(back if safe else reverse("account"))


@for_accounts
def passkey_options(request: HttpRequest, me: Account) -> HttpResponse:
    """What the device is asked, so that it makes a key."""
    challenge = passkeys.ask_to_register(me, door_of(request))
    request.session[CHALLENGE] = challenge.kept
    return JsonResponse(json.loads(challenge.options))


@require_POST
@for_accounts
def add_passkey(request: HttpRequest, me: Account) -> HttpResponse:
    """Keep a key that the device has just made."""
    form = PasskeyForm(request.POST, auto_id="key_%s")
    kept = request.session.pop(CHALLENGE, "")
    try:
        if not (form.is_valid() and kept):
            raise passkeys.NotThisKey
        passkeys.register(
            me,
            form.cleaned_data["answer"],
            kept=kept,
            door=door_of(request),
            label=form.cleaned_data["label"],
            at=clock.now(),
        )
    except passkeys.NotThisKey:
        return _page(request, me, 422, passkey=form, passkey_failed=True)
    _tell(me, _("A device can now let you in"), form.cleaned_data["label"])
    messages.success(request, _("This device can now let you in."))
    return HttpResponseRedirect(reverse("account") + "#keys")


@require_POST
@for_accounts
def remove_passkey(request: HttpRequest, me: Account, passkey_id: int) -> HttpResponse:
    """Forget a key, for a device that was lost or given away."""
    passkeys.remove(me, passkey_id)
    _tell(me, _("A device can no longer let you in"))
    messages.success(request, _("That device can no longer let anybody in."))
    return HttpResponseRedirect(reverse("account") + "#keys")


@require_POST
@for_accounts
def add_token(request: HttpRequest, me: Account) -> HttpResponse:
    """Make a key for a program; it is shown this once."""
    form = TokenForm(request.POST, auto_id="token_%s")
    if not form.is_valid():
        return _page(request, me, 422, token=form)
    token, secret = tokens.make(me, **form.wanted(), at=clock.now())
    _tell(me, _("A program has a key of yours"), token.label)
    return _page(request, me, new_secret=secret)


@require_POST
@for_accounts
def remove_token(request: HttpRequest, me: Account, token_id: int) -> HttpResponse:
    """End a key for a program."""
    tokens.remove(me, token_id)
    messages.success(request, _("That key opens nothing any more."))
    return HttpResponseRedirect(reverse("account") + "#programs")


def _tell(me: Account, what: str, name: str = "") -> None:
    """Tell the owner of an account, at their address, that a way in was made or ended."""
    if me.email:
        said = _(
            "If it was not you: sign out everywhere on the page of your account, and end what is not yours."
        )
        post.queue(me.email, what, "\n\n".join(filter(None, (f"{what}.", name, said))), at=clock.now())


@require_POST
@for_accounts
def sign_out_everywhere(request: HttpRequest, me: Account) -> HttpResponse:
    """Go out on every device, after a loss."""
    steps.end_all_sessions(me)
    logout(request)
    return HttpResponseRedirect(reverse("sign-in"))
