# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms that do something: shown, checked, done once, and answered with where it stands on the record.

Every form has an address of its own, so that it works without scripts, can be linked to, and comes back
with what was typed. A form carries a key of its own: sent twice, it does its thing once; and so does the
same form with the same words in it, which the way back or a second tab shows under another key.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kollontai import clock
from kollontai.chapters.accounts import once
from kollontai.chapters.record.act import Done
from kollontai.chapters.record.refusal import Refused
from kollontai.web.forms.base import HouseForm
from kollontai.web.showing import show
from kollontai.web.words import explain

Said = str | Promise


@dataclass(frozen=True)
class Frame:
    """What stands around a form when it has a page to itself."""

    title: Said
    button: Said
    lead: Said = ""
    label: Said = ""
    back: str = ""
    done: Said = ""  # what is said when it has been done
    weighty: bool = False
    protected: bool = False  # nothing is kept that tells who sent it
    kept: bool = True  # the browser keeps the words while they are typed
    template: str = "kollontai/form.html"
    way: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


def doing(
    request: HttpRequest,
    form: HouseForm,
    frame: Frame,
    perform: Callable[..., Done[Any]],
    then: str | Callable[[Any], str] = "",
) -> HttpResponse:
    """Show a form; or perform what it asks, once, and go on to where that leads.

    What a rule refuses is said above the form, with everything in it that was typed.
    """
    refused = None
    if request.method == "POST" and form.is_valid():
        try:
            return do_once(
                request,
                lambda: _perform(request, form, frame, perform, then),
                frame.back,
                protected=frame.protected,
            )
        except Refused as why:
            if not form.visible_fields():
                raise  # a button alone: there is nothing to mend, so the refusal is a page
            refused = explain(why.refusal, request)
    return show(
        request,
        frame.template,
        {"form": form, "frame": frame, "refused": refused, **frame.more},
        way=frame.way,
        status=422 if form.is_bound else 200,
    )


def _perform(
    request: HttpRequest,
    form: HouseForm,
    frame: Frame,
    perform: Callable[..., Done[Any]],
    then: str | Callable[[Any], str],
) -> str:
    done = perform(**form.wanted())
    say_done(request, done, frame.done)
    return then(done.value) if callable(then) else (then or frame.back)


def say_done(request: HttpRequest, done: Done[Any], words: Said) -> None:
    """Let the next page say what was done; the record's part is looked up there by the act's ticket."""
    messages.success(request, str(words), extra_tags=done.ticket)


def do_once(
    request: HttpRequest, perform: Callable[[], str], otherwise: str, *, protected: bool = False
) -> HttpResponse:
    """Do what a form asks, unless this sender asked it before; go where it leads, or led.

    `protected`: it is known by its random key alone; a second sending leads to `otherwise`.
    """
    key = request.POST.get("form_key") or secrets.token_urlsafe(12)
    sender = once.NOBODY if protected else sender_of(request)
    before = once.take(key, of=sender, at=clock.now(), words=_words_of(request))
    if before:
        if not once.is_same_form(before, key, of=sender):
            messages.info(request, _("You sent these very words a moment ago. They stand once."))
        led_to = "" if protected else _wait_for(before)
        return HttpResponseRedirect(led_to or otherwise or request.path)
    try:
        location = perform()
    except BaseException:
        once.give_back(key, of=sender)
        raise
    once.done(key, location, of=sender)
    return HttpResponseRedirect(location)


def _words_of(request: HttpRequest) -> str:
    """What somebody filled in, and where; empty if the form is a button alone."""
    filled_in = {
        name: request.POST.getlist(name)
        for name in sorted(request.POST)
        if name not in {"csrfmiddlewaretoken", "form_key"}
    }
    return json.dumps([request.path, filled_in]) if any(map(any, filled_in.values())) else ""


def _wait_for(before: str) -> str:
    """The other sending of this form is being done at this moment, or was done long ago."""
    for _pause in range(20):
        location = once.led_to(before)
        if location:
            return location
        time.sleep(0.05)
    return ""


def sender_of(request: HttpRequest) -> str:
    """Who sends a form: the account, the person of a demonstration, or this browser's session."""
    entered = request.session.get("entered_as")
    if entered:
        return f"demo:{sorted(entered.items())}"
    return (
        f"account:{request.user.pk}"
        if request.user.is_authenticated
        else f"session:{request.session.session_key}"
    )
