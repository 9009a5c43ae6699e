# SPDX-License-Identifier: AGPL-3.0-or-later
"""Coming in: by a code sent to a mailbox, or by a key in one's own device. And going out."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kollontai import clock
from kollontai.chapters.accounts import codes, paper, passkeys, tries
from kollontai.chapters.accounts.models import Account
from kollontai.chapters.record import standing
from kollontai.web.forms.accounts import AddressForm, CodeForm, LetterCodeForm, PasskeyAnswerForm
from kollontai.web.showing import show

log = logging.getLogger("kollontai.access")
BROWSER = "kollontai_browser"  # the cookie that ties a code to the asking browser
CHALLENGE = "passkey_challenge"


@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a code, or use a key. From a house that was handed over no code is sent, nor promised."""
    form = AddressForm.of(request)
    if request.method == "POST" and form.is_valid() and not _is_handed_over():
        browser = _browser_of(request) or codes.new_browser()
        codes.send(
            form.cleaned_data["email"],
            browser=browser,
            network=tries.asking(request),
            at=clock.now(),
            next=safe(request, request.POST.get("next", "")),
        )
        response = HttpResponseRedirect(reverse("sign-in-code"))
        response.set_signed_cookie(
            BROWSER,
            browser,
            max_age=3600,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        return response
    where = safe(request, request.POST.get("next", "") or request.GET.get("next", ""))
    refused = 503 if _is_handed_over() else 422
    return _shown(request, form, next=where, status=refused if form.is_bound else 200)


@never_cache
def enter_code(request: HttpRequest) -> HttpResponse:
    """Enter the code; this device then stays signed in for half a year."""
    browser = _browser_of(request)
    waiting = codes.waiting(browser, at=clock.now())
    form = CodeForm.of(request)
    left = None
    if request.method == "POST" and form.is_valid():
        came = codes.enter(
            form.cleaned_data["code"], browser=browser, network=tries.asking(request), at=clock.now()
        )
        if isinstance(came, codes.CameIn):
            come_in(request, came.account, "code")
            return HttpResponseRedirect(came.next or reverse("door"))
        log.warning("A code did not fit, from %s.", tries.asking(request))
        form.add_error("code", _("This code is not the one we sent."))
        left = came.left
    good_until = waiting.sent_at + codes.GOOD_FOR if waiting else None
    return show(
        request,
        "kollontai/sign_in_code.html",
        {"form": form, "good_until": good_until, "left": left, "most": codes.MOST_TRIES},
        status=422 if form.is_bound else 200,
    )


@never_cache
def letter(request: HttpRequest) -> HttpResponse:
    """Enter the code from a letter on paper; this device then stays signed in for half a year."""
    form = LetterCodeForm.of(request)
    if request.method == "POST" and form.is_valid():
        account = paper.enter(form.cleaned_data["code"], network=tries.asking(request), at=clock.now())
        if account is not None:
            come_in(request, account, "code")
            return HttpResponseRedirect(reverse("door"))
        form.add_error("code", _("This code does not open. It is good once, for thirty days and five tries."))
    return show(
        request, "kollontai/sign_in_letter.html", {"form": form}, status=422 if form.is_bound else 200
    )


@never_cache
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the device is asked, so that it can say who is at the keyboard."""
    tries.count(tries.QUESTION_BY_NETWORK, tries.asking(request), at=clock.now())
    challenge = passkeys.ask_to_come_in(door_of(request))
    request.session[CHALLENGE] = challenge.kept
    return JsonResponse(json.loads(challenge.options))


@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """Come in by the device's answer."""
    form = PasskeyAnswerForm.of(request)
    tries.ask(tries.WRONG_PASSKEY, tries.asking(request), at=clock.now())
    kept = request.session.pop(CHALLENGE, "")
    try:
        if not (form.is_valid() and kept):  # nothing was asked here: what answers it was asked elsewhere
            raise passkeys.NotThisKey
        account = passkeys.come_in(
            form.cleaned_data["answer"],
            kept=kept,
            door=door_of(request),
            at=clock.now(),
        )
    except passkeys.NotThisKey:
        tries.count(tries.WRONG_PASSKEY, tries.asking(request), at=clock.now())
        log.warning("A passkey did not fit, from %s.", tries.asking(request))
        return _shown(request, AddressForm(), next="", passkey_failed=True, status=422)
    come_in(request, account, "passkey")
    return HttpResponseRedirect(safe(request, form.cleaned_data["next"]) or reverse("door"))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Go out, on this device."""
    logout(request)
    return HttpResponseRedirect(reverse("door"))


def come_in(request: HttpRequest, account: Account, auth: str) -> None:
    """Begin a session, under a new key; whoever knew the old one knows nothing.

    In which language they read is kept: whoever chose none is written to in that one.
    """
    theme = request.session.get("theme", "")
    login(request, account, backend="kollontai.chapters.accounts.backend.SignedIn")
    request.session["auth"] = auth
    Account.objects.filter(pk=account.pk).update(read_in=get_language() or "")
    log.info("Somebody came in by %s, from %s.", auth, tries.asking(request))
    request.session["theme"] = theme


def _shown(request: HttpRequest, form: AddressForm, *, status: int, **more: Any) -> HttpResponse:
    context = {"form": form, "handed_over": _is_handed_over(), **more}
    return show(request, "kollontai/sign_in.html", context, status=status)


def _is_handed_over() -> bool:
    return standing.note().get("why") == standing.HANDED_OVER


def _browser_of(request: HttpRequest) -> str:
    """The secret this browser keeps, if it has one that we gave it."""
    return request.get_signed_cookie(BROWSER, default="") or ""


def door_of(request: HttpRequest) -> passkeys.Door:
    """The address at which keys are asked for."""
    host = request.get_host()
    return passkeys.Door(
        host.rsplit(":", 1)[0] if not host.endswith("]") else host, f"{request.scheme}://{host}"
    )


def safe(request: HttpRequest, address: str) -> str:
    """An address of this house, or nothing."""
    allowed = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if allowed and address.startswith("/") else ""
