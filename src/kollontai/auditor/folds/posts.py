# SPDX-License-Identifier: AGPL-3.0-or-later
"""Posts, what was entered at founding, and terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kollontai.auditor.folding import Impossible, folds, mark
from kollontai.auditor.lines import Line
from kollontai.auditor.things import Claim, Form, Post, Term

if TYPE_CHECKING:
    from kollontai.auditor.state import State


def _post(state: State, line: Line) -> Post:
    post = state.posts.get(line.fields["post"])
    if post is None:
        raise Impossible(line.fields["post"], f"There is no post {line.fields['post']}.")
    return post


@folds("post.created")
def created(state: State, line: Line) -> None:
    """A post exists."""
    f = line.fields
    if f["post"] in state.posts:
        raise Impossible(f["post"], f"The id of the post {f['post']} is used again; ids are never reused.")
    if f["unit"] not in state.units:
        raise Impossible(f["post"], f"The post {f['post']} is in {f['unit']}, which does not exist.")
    form = Form(
        mark(line), "created", f["leading"], f["seats"], f["term_days"], f["duty"] or "", f["pay"] or 0,
        "separated", line.commitments.get("title"), f["unit"],
    )  # fmt: skip
    state.posts[f["post"]] = Post(f["post"], f["unit"], [form])


@folds("post.decided")
def decided(state: State, line: Line) -> None:
    """The members made, changed or ended a post."""
    f = line.fields
    if f["unit"] not in state.units:
        raise Impossible(f["post"], f"The post {f['post']} is in {f['unit']}, which does not exist.")
    form = Form(
        mark(line), f["what"], f["leading"], f["seats"], f["term_days"], f["duty"] or "", f["pay"], f["box"],
        line.commitments.get("title"), f["unit"], f["issue"], f["draft"],
    )  # fmt: skip
    if f["what"] == "created":
        if f["post"] in state.posts:
            raise Impossible(
                f["post"], f"The id of the post {f['post']} is used again; ids are never reused."
            )
        state.posts[f["post"]] = Post(f["post"], f["unit"], [form])
        return
    post = _post(state, line)
    if post.ended is not None:
        raise Impossible(post.id, f"The post {post.id} is {f['what']} although it had been ended.")
    post.forms.append(form)


@folds("post.entered")
def entered(state: State, line: Line) -> None:
    """Somebody is said to have been elected before."""
    f = line.fields
    _post(state, line)
    if any((claim.post, claim.member) == (f["post"], f["member"]) for claim in state.claims):
        raise Impossible(f["post"], f"{f['member']} is entered for {f['post']} twice.")
    state.claims.append(Claim(mark(line), f["post"], f["member"], f["elected_at"], f["old_end"]))


def _settle(state: State, line: Line, outcome: str) -> None:
    f = line.fields
    for claim in state.claims:
        if (claim.post, claim.member) == (f["post"], f["member"]) and claim.settled is None:
            claim.poll, claim.outcome, claim.settled = f["poll"], outcome, mark(line)
            return


@folds("term.begun")
def begun(state: State, line: Line) -> None:
    """A member holds a post."""
    f = line.fields
    _post(state, line)
    if f["term"] in state.terms:
        raise Impossible(f["term"], f"The term {f['term']} begins a second time.")
    term = state.terms[f["term"]] = Term(
        f["term"], f["post"], f["member"], f["poll"], f["how"], mark(line), f["ends_at"]
    )
    state.terms_of_post[term.post].append(term)
    state.terms_of_member[term.member].append(term)
    state.terms_of_poll[term.poll].append(term)
    if f["how"] == "confirmed":
        _settle(state, line, "confirmed")


@folds("post.unconfirmed")
def unconfirmed(state: State, line: Line) -> None:
    """The members said no."""
    _post(state, line)
    _settle(state, line, "unconfirmed")
    state.unconfirmed.append((mark(line), line.fields["post"], line.fields["member"], line.fields["poll"]))


@folds("term.ended")
def ended(state: State, line: Line) -> None:
    """A term is over."""
    f = line.fields
    term = state.terms.get(f["term"])
    if term is None or term.ended is not None:
        raise Impossible(f["term"], f"The term {f['term']} ends without running.")
    if (term.post, term.member) != (f["post"], f["member"]):
        raise Impossible(f["term"], f"The term {f['term']} is ended under another post or another name.")
    term.ended, term.ended_why, term.ended_due = mark(line), f["why"], f["due"]
    state.time(line, f["due"], term.id)
