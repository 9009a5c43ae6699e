# SPDX-License-Identifier: AGPL-3.0-or-later
"""The papers of the polls in these histories, as honest servers write them."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

from kollontai.chapters.bodies.rules import PostWanted
from kollontai.chapters.charter import articles
from kollontai.chapters.deliberation import whole, wholewords, words
from kollontai.chapters.deliberation.effects import Effect
from kollontai.openrecord.kinds.polls import PollOpened

YES_NO = [{"id": "yes"}, {"id": "no"}, {"id": "abstain"}]


def paper(world: Any, poll: PollOpened, asked: str = "") -> str:
    """What the paper of a poll shows; `asked`: the one draft of a yes/no vote."""
    make = {"issue": _issue, "election": _election, "recall": _recall, "confirmation": _confirmation}[
        poll.about
    ]
    return json.dumps(make(world, poll, asked))


def _shown(world: Any, label: str, subject: str) -> tuple[str, str]:
    """The commitment to some words, and the words."""
    found: list[str] = [one[2] for one in world.pointers if one[:2] == [label, subject]]
    return found[-1], world.contents[found[-1]].value


def _issue(world: Any, poll: PollOpened, asked: str) -> dict[str, Any]:
    plain = poll.form == "yes_no"
    drafts = [_draft(world, one) for one in poll.options if one != poll.status_quo and not plain]
    return {
        "about": "issue",
        "issue": poll.subject,
        "title": _shown(world, "issue.title", poll.subject)[1],
        "draft": _draft(world, asked) if plain else None,
        "options": YES_NO if plain else [*drafts, {"id": poll.status_quo}],
    }


def _draft(world: Any, name: str) -> dict[str, Any]:
    made = next((one for one in world.rows["alternatives"] if one["alternative"] == name), None)
    row = world.row("drafts", draft=made["draft"] if made else name)
    draft, version = row["draft"], made["version"] if made else row["version"]
    shown = ("alternative.text", name) if made else ("draft.text", f"{draft}/{version}")
    commitment, text = _shown(world, *shown)
    option = {
        "id": name, "letter": row["letter"], "version": version, "text": text, "text_commitment": commitment,
        "title": _shown(world, "draft.title", f"{draft}/{version}")[1],
    }  # fmt: skip
    if any((one["draft"], one["version"]) == (draft, row["version"]) for one in world.rows["effects"]):
        effects = json.loads(_shown(world, "effects.effects", f"{draft}/{row['version']}")[1])
        unit = world.row("issues", issue=row["issue"])["unit"]
        option |= {
            "effects": effects,
            "would_change": [_sentence(world, Effect(**one), unit) for one in effects],
        }
    if made:
        numbers = [world.row("amendments", amendment=one)["number"] for one in made["amendments"]]
        option |= {"draft": draft, "amendments": sorted(numbers)}
    return option


def _sentence(world: Any, effect: Effect, unit: str) -> str:
    """What an effect does, in the words of the server."""
    if effect.effect in whole.KINDS:
        charter = SimpleNamespace(
            articles=articles.read(), value=world.limits.__getitem__, joining=world.organisation["joining"]
        )
        units = {one["unit"]: _shown(world, "unit.name", one["unit"])[1] for one in world.rows["units"]}
        dues = world.rows["dues"][-1]["amount"] if world.rows["dues"] else None
        stands = SimpleNamespace(charter=charter, unit=unit, units=units, dues=dues)
        return wholewords.would_change(effect, stands)  # type: ignore[arg-type]
    found = [one for one in world.rows["posts"] if one["post"] == effect.post]
    named = ("leading", "seats", "term_days", "pay", "duty", "box")
    before = [
        PostWanted(title=_shown(world, "post.title", one["post"])[1], **{name: one[name] for name in named})
        for one in found
    ]
    return words.would_change(effect, before[0] if before else None)


def _election(world: Any, poll: PollOpened, _: str) -> dict[str, Any]:
    row = world.row("elections", election=poll.subject)
    options: list[dict[str, Any]] = []
    for name in poll.options:
        if name == "ron":
            options.append({"id": name})
            continue
        one = world.row("nominations", election=poll.subject, member=name)
        words = {
            what: next(
                (shown for label, of, shown in reversed(world.pointers)
                 if label == f"candidacy.{what}" and of.startswith(f"{poll.subject}/{name}")),
                None,
            )
            for what in ("statement", "picture")
        }  # fmt: skip
        options.append({"id": name, "half": one["half"], **words})
    return {
        "about": "election", "election": poll.subject, "post": row["post"], "seats": row["seats"],
        "title": _shown(world, "post.title", row["post"])[1], "options": options,
    }  # fmt: skip


def _recall(world: Any, poll: PollOpened, _: str) -> dict[str, Any]:
    term = world.row("terms", term=world.row("petitions", petition=poll.subject)["subject"])
    return {
        "about": "recall", "post": term["post"], "title": _shown(world, "post.title", term["post"])[1],
        "member": term["member"], "petition": poll.subject, "options": YES_NO,
    }  # fmt: skip


def _confirmation(world: Any, poll: PollOpened, _: str) -> dict[str, Any]:
    claims = [one for one in world.rows["claims"] if one["post"] == poll.subject]
    row = claims[
        sum((one["about"], one["subject"]) == ("confirmation", poll.subject) for one in world.rows["polls"])
    ]
    return {
        "about": "confirmation", "post": poll.subject, "title": _shown(world, "post.title", poll.subject)[1],
        "member": row["member"], "elected_at": row["elected_at"], "old_end": row["old_end"],
        "minutes": _shown(world, "claim.minutes", f"{poll.subject}/{row['member']}")[1], "options": YES_NO,
    }  # fmt: skip
