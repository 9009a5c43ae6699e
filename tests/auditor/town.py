# SPDX-License-Identifier: AGPL-3.0-or-later
"""A world with a clock: elections, secret boxes, petitions and what follows from them by itself.

Written from docs/decisions/0011 alone, apart from server and auditor. Whoever moves the time on lets the
clock do first what is due. Members do what the story says; what nobody does stays undone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from kollontai.chapters.deliberation.words import nobody_stands
from kollontai.counting.ballots import Ballots
from kollontai.counting.lots import draw
from kollontai.counting.stv import Count, count, countback
from kollontai.openrecord.kinds import boxes, elections, issues, petitions, polls, posts

from .papers import paper
from .world import DAY, MINUTE, World, evening, held, spell

EARLY = ("left", "resigned", "recalled")


@dataclass
class Town(World):
    """A world in which the clock goes on."""

    waiting: list[tuple[datetime, int, str, tuple[Any, ...]]] = field(default_factory=list)
    papers: dict[str, list[tuple[str, dict[str, Any]]]] = field(default_factory=dict)
    """What lies in each secret box: codes and choices."""
    sentences: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: dict[str, list[str]] = field(default_factory=dict)
    """Who said no to acting, by term."""
    effects: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    # --- the clock ---

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "at" and "effects" in self.__dict__:
            while self.waiting and min(self.waiting)[0] <= value:
                due = min(self.waiting)
                self.waiting.remove(due)
                self.__dict__["at"] = max(self.at, due[0])
                getattr(self, due[2])(*due[3])
        self.__dict__[name] = value

    def soon(self, when: datetime, what: str, *args: Any) -> None:
        """Let something happen later, a minute after it is due if the clock does it."""
        self.waiting.append((when, self.numbers.setdefault("waiting", 0), what, args))
        self.numbers["waiting"] += 1

    def time(self, text: str) -> datetime:
        return datetime.fromisoformat(text)

    # --- terms ---

    def confirm(self, poll: str, post: str, member: str, *, carried: bool, ends: datetime) -> None:
        super().confirm(poll, post, member, carried=carried, ends=ends)
        if carried:
            self.watch(self.rows["terms"][-1])

    def watch(self, term: dict[str, Any]) -> None:
        ends = self.time(term["ends_at"])
        self.soon(ends, "over", term["term"])
        if term["how"] != "acting":
            days = sum(self.limits[key] for key in ("N.ahead", "D5.other", "N.nominations")) + 2
            due = max(ends - days * DAY, self.at)
            self.soon(due + MINUTE, "after_term", term["term"], due)

    def begin(self, post: str, member: str, poll: str, how: str, ends: datetime, by: str = "clock") -> str:
        term = self.new("t")
        self.record(posts.TermBegun(term, post, member, poll, how, ends), by)
        self.add(
            "terms", term=term, post=post, member=member, poll=poll, how=how, begins_at=spell(self.at),
            ends_at=spell(ends), ended_at=None, ended_why="", **held(self.row("elections", poll=poll)),
        )  # fmt: skip
        self.watch(self.rows["terms"][-1])
        return term

    def over(self, term: str) -> None:
        row = self.row("terms", term=term)
        if row["ended_at"] is None:
            self.end_term(row, "term-over", "clock", self.time(row["ends_at"]))

    def end_term(self, term: dict[str, Any], why: str, by: str, due: datetime | None = None) -> None:
        super().end_term(term, why, by, due)
        for petition in self.rows["petitions"]:
            if petition["subject"] == term["term"] and petition["state"] == "running":
                self.lapse_petition(petition["petition"], "term-over", self.at)
        if why in EARLY and term["how"] != "acting":
            ends = self.time(term["ends_at"])
            long = ends > self.at + self.limits["O2.acting"] * DAY
            if long and not self.ended(term["post"]) and not self.widen(term):
                self.elect(term["post"], "vacancy", 1, self.at, fills=(term["term"],), ends=ends)
            if term["how"] == "elected":
                self.offer(term["term"], self.at)

    def resign(self, term: str) -> None:
        row = self.row("terms", term=term)
        self.end_term(row, "resigned", row["member"])

    def ended(self, post: str) -> bool:
        return self.row("posts", post=post)["ended_at"] is not None

    def after_term(self, term: str, due: datetime) -> None:
        row = self.row("terms", term=term)
        filled = {one for election in self.rows["elections"] for one in election["fills"]}
        fills = tuple(
            one["term"] for one in self.rows["terms"]
            if (one["post"], one["ends_at"]) == (row["post"], row["ends_at"])
            and one["how"] != "acting" and one["term"] not in filled
        )  # fmt: skip
        if term in fills and not self.ended(row["post"]):
            self.elect(
                row["post"], "term-over", len(fills), due, fills=fills, begins=self.time(row["ends_at"])
            )

    # --- elections ---

    def elect(
        self, post: str, why: str, seats: int, due: datetime, *, fills: tuple[str, ...] = (),
        begins: datetime | None = None, ends: datetime | None = None, after: str | None = None,
        half: bool = False,
    ) -> str:  # fmt: skip
        """Nominations open."""
        election, unit = self.new("e"), self.row("posts", post=post)["unit"]
        begun = due if self.at - due <= 15 * MINUTE else self.at
        closes = evening(begun, self.limits["N.nominations"])
        since = due - self.limits["R1.before"] * DAY
        if self.time(self.organisation["founded_at"]) > since:
            since = closes
        number = self.row("elections", election=after)["round"] + 1 if after else 1
        self.record(
            elections.ElectionOpened(
                election, post, unit, why, fills, seats, number, half, closes, since, self.limits, due, after,
                begins, ends,
            )
        )  # fmt: skip
        self.add(
            "elections", election=election, post=post, why=why, fills=list(fills), seats=seats, round=number,
            half=half, state="nominations", opened_at=spell(self.at), closes_at=spell(closes),
            members_since=spell(since), begins_at=spell(begins), ends_at=spell(ends), after=after or "",
            poll="", limits=self.limits, elected=[], reopened=0, unfilled=0,
            **held(self.row("posts", post=post)),
        )  # fmt: skip
        self.soon(closes + MINUTE, "end_nominations", election)
        return election

    def widen(self, term: dict[str, Any]) -> bool:
        """A by-election for the same rest fills the seat too, while nominations run and acting lasts."""
        for row in self.rows["elections"]:
            same = (row["post"], row["ends_at"]) == (term["post"], term["ends_at"])
            closes, since = self.time(row["closes_at"]), self.time(row["members_since"])
            if not same or row["state"] != "nominations" or row["half"] or self.at >= closes:
                continue
            later = max(closes, evening(self.at, self.limits["N.nominations"]))
            last = self.time(row["opened_at"]) + self.limits["O2.acting"] * DAY
            if later > closes and evening(later, self.limits["D5.other"]) > last:
                continue
            seats, since = row["seats"] + 1, later if since == closes else since
            self.record(
                elections.ElectionWidened(row["election"], term["term"], seats, later, since, self.at)
            )
            row.update(
                seats=seats, fills=[*row["fills"], term["term"]], closes_at=spell(later),
                members_since=spell(since),
            )  # fmt: skip
            self.soon(later + MINUTE, "end_nominations", row["election"])
            return True
        return False

    def founding_elections(self) -> None:
        """Open for every seat of the founding that nobody was confirmed for."""
        for post in list(self.rows["posts"]):
            held = sum(term["post"] == post["post"] for term in self.rows["terms"])
            if post["seats"] > held:
                self.elect(post["post"], "founding", post["seats"] - held, self.at)

    def nominate(self, election: str, member: str, by: str) -> None:
        self.record(elections.NominationMade(election, member), by)
        self.add(
            "nominations", election=election, member=member, at=spell(self.at), by=by, state="asked",
            half=False, version=0, answered_at=None,
        )  # fmt: skip

    def accept(self, election: str, member: str, *, half: bool = False, picture: str = "") -> None:
        texts = {"statement": f"What {member} wants to do."} | ({"picture": picture} if picture else {})
        made = self.record(elections.CandidacyAccepted(election, half), member, **texts)
        self.row("nominations", election=election, member=member).update(
            state="stands", half=half, version=1, answered_at=spell(self.at)
        )
        self.add("candidate_words", election=election, member=member, version=1, at=spell(self.at))
        for name, commitment in made.items():
            self.point(f"candidacy.{name}", f"{election}/{member}/1", commitment)

    def stand(self, election: str, member: str, half: bool = False) -> None:
        self.nominate(election, member, member)
        self.accept(election, member, half=half)

    def say_anew(self, election: str, member: str) -> None:
        row = self.row("nominations", election=election, member=member)
        row["version"] += 1
        made = self.record(
            elections.CandidacyRevised(election, row["version"]), member, statement="Said better."
        )
        version = row["version"]
        self.add("candidate_words", election=election, member=member, version=version, at=spell(self.at))
        self.point("candidacy.statement", f"{election}/{member}/{version}", made["statement"])

    def answer_no(self, election: str, member: str) -> None:
        row = self.row("nominations", election=election, member=member)
        stands = row["state"] == "stands"
        kind = elections.CandidacyWithdrawn if stands else elections.NominationDeclined
        self.record(kind(election), member)
        row.update(state="withdrawn" if stands else "declined", answered_at=spell(self.at))

    def belongs(self, unit: str, since: str = "~") -> list[str]:
        return [
            row["member"] for row in self.rows["members"]
            if row["standing"] == "member" and unit in ("root", row["unit"]) and row["joined_at"] <= since
        ]  # fmt: skip

    def end_nominations(self, election: str) -> None:
        row = self.row("elections", election=election)
        if self.ended(row["post"]) or self.at < self.time(row["closes_at"]) or row["state"] != "nominations":
            return
        due, unit = self.time(row["closes_at"]), self.row("posts", post=row["post"])["unit"]
        roll = self.belongs(unit, row["members_since"])
        standing = [
            one["member"] for one in self.rows["nominations"]
            if one["election"] == election and one["state"] == "stands" and one["member"] in roll
        ]  # fmt: skip
        if not standing:
            self.record(elections.ElectionEmpty(election, due))
            row["state"] = "empty"
            self.soon(self.at + self.limits["N.again"] * DAY, "again", election, row["seats"], True)
            self.perhaps_drop(election)
            return
        row["state"] = "voting"
        self.open_election_poll(election, standing, roll, due)

    def open_election_poll(self, election: str, standing: list[str], roll: list[str], due: datetime) -> str:
        row = self.row("elections", election=election)
        post = self.row("posts", post=row["post"])
        poll = f"b{len(self.rows['polls']) + 1:04d}"
        options = (*draw(poll, standing), "ron")
        rule = "irv" if row["seats"] == 1 else "scottish-stv"
        closes = evening(due if self.at - due <= 15 * MINUTE else self.at, self.limits["D5.other"])
        self.secret_poll(
            poll, "election", election, post["unit"], "election", options, roll, closes, due, row["seats"],
            rule, box=post["box"],
        )  # fmt: skip
        row["poll"] = poll
        return poll

    def again(self, election: str, seats: int, half: bool) -> None:
        row = self.row("elections", election=election)
        if not self.ended(row["post"]):
            begins = self.time(row["begins_at"]) if row["begins_at"] else None
            ends = self.time(row["ends_at"]) if row["ends_at"] else None
            fills = tuple(row["fills"])
            self.elect(
                row["post"], "again", seats, self.at, fills=fills, begins=begins, ends=ends, after=election,
                half=half,
            )  # fmt: skip

    def perhaps_drop(self, election: str) -> None:
        """After two empty rounds the members are asked whether to drop the post."""
        rounds, one = 0, self.row("elections", election=election)
        while one["state"] == "empty":
            rounds += 1
            if not one["after"]:
                break
            one = self.row("elections", election=one["after"])
        if rounds == self.limits["N.rounds"]:
            post = self.row("posts", post=one["post"])
            title = self.contents[self.shown("post.title", post["post"])].value
            words = nobody_stands(title, rounds=rounds)
            self.ask(post["unit"], "nobody-stands", post["post"], words, self.at)

    # --- secret boxes ---

    def secret_poll(
        self, poll: str, about: str, subject: str, unit: str, form: str, options: Sequence[str],
        roll: list[str], closes: datetime, due: datetime, seats: int, rule: str, box: str = "separated",
    ) -> None:  # fmt: skip
        fact = polls.PollOpened(
            poll, about, subject, unit, form, box, tuple(options), None, self.at, closes, len(roll), 0, (1, 2),
            True, due,
        )  # fmt: skip
        made = self.record(fact, roll=json.dumps(sorted(roll)), paper=paper(self, fact))
        self.add(
            "polls", poll=poll, about=about, subject=subject, unit=unit, form=form, box=box,
            options=list(options), status_quo="", roll_count=len(roll), quorum_bp=0, majority=[1, 2],
            more_than=True, opens_at=spell(self.at), closes_at=spell(closes), state="open", closed_at=None,
            cast=None, outcome="", figures=None,
        )  # fmt: skip
        self.point("poll.roll", poll, made["roll"])
        self.point("poll.paper", poll, made["paper"])
        for member in roll:
            self.add("voters", poll=poll, member=member)
        if box == "outside":
            return
        half = (self.at + (closes - self.at) / 2).replace(second=0, microsecond=0)
        key, lot = sha256(poll.encode()).hexdigest(), sha256(self.lot_secret(poll)).hexdigest()
        ranks = 5 if len(roll) < 200 else 30
        self.record(boxes.BoxOpened(poll, key, 512, seats, rule, ranks, lot, half))
        self.add(
            "boxes", poll=poll, key=key, size=512, seats=seats, rule=rule, most_ranks=ranks, lot=lot,
            lots_until=spell(half), secret="", state="open", links_destroyed=False,
        )  # fmt: skip
        self.papers[poll], self.sentences[poll] = [], {}
        self.soon(closes + MINUTE, "open_box", poll)

    def lot_secret(self, poll: str) -> bytes:
        return sha256(f"secret of {poll}".encode()).digest()

    def vote_secretly(self, poll: str, *choices: Any) -> None:
        """So many voters vote; who they are is on no record."""
        for choice in choices:
            said = {"choice": choice} if type(choice) is str else {"ranking": list(choice)}
            code = f"code{sha256(f'{poll} {len(self.papers[poll])}'.encode()).hexdigest()[:5]}"
            self.papers[poll].append((code, said))

    def vote_in(self, election: str, *rankings: Any) -> None:
        self.vote_secretly(self.row("elections", election=election)["poll"], *rankings)

    def vote_recall(self, petition: str, *choices: str) -> None:
        self.vote_secretly(self.row("petitions", petition=petition)["poll"], *choices)

    def add_to_lot(self, election: str, member: str) -> None:
        poll = self.row("elections", election=election)["poll"]
        self.sentences[poll][member] = f"The sentence of {member}."
        digest = sha256(self.sentences[poll][member].encode()).hexdigest()
        self.record(boxes.LotAdded(poll, digest), member)
        self.add("lots", poll=poll, member=member, sha256=digest, shown=False)

    def show_lot(self, election: str, member: str) -> None:
        poll = self.row("elections", election=election)["poll"]
        made = self.record(boxes.LotShown(poll), member, sentence=self.sentences[poll][member])
        self.row("lots", poll=poll, member=member)["shown"] = True
        self.point("lot.sentence", f"{poll}/{member}", made["sentence"])

    def seed(self, poll: str) -> str:
        entered = [
            row for row in self.rows["outside_entries"] if row["poll"] == poll and not row["taken_back_at"]
        ]
        if entered:
            return str(entered[0]["sha256"])
        whole = self.lot_secret(poll)
        for row in sorted(self.rows["lots"], key=lambda one: str(one["member"])):
            if row["poll"] == poll:
                sentence = self.sentences[poll][row["member"]].encode()
                whole += sha256(sentence).digest() if row["shown"] else bytes(32)
        return sha256(whole).hexdigest()

    def lose_box(self, poll: str) -> None:
        """From now on the box cannot be opened."""
        self.papers[poll] = [("lost", {})]

    def open_box(self, poll: str) -> None:
        row = self.row("polls", poll=poll)
        due = self.time(row["closes_at"])
        if self.papers[poll][:1] == [("lost", {})]:
            self.annul(poll, due)
            return
        cast, roll = self.papers[poll], row["roll_count"]
        if row["form"] == "yes_no":
            figures = dict.fromkeys(("yes", "no", "abstain"), 0)
            for _, said in cast:
                figures[said["choice"]] += 1
            outcome, whole = "yes" if figures["yes"] > figures["no"] else "no", {"figures": figures}
        else:
            done = self.counted(poll)
            outcome, whole, figures = "counted", done.to_json(), self.firsts(poll)
        assert len(cast) <= roll
        made = self.record(polls.PollCounted(poll, due, len(cast), outcome, figures), count=json.dumps(whole))
        row.update(
            state="counted", closed_at=spell(self.at), cast=len(cast), outcome=outcome, figures=figures
        )
        self.point("poll.count", poll, made["count"])
        self.publish(poll)
        if row["about"] == "election":
            self.seat(row["subject"], poll, done, due)
        else:
            self.judge(row["subject"], poll, figures, due)
        self.soon(self.at + self.limits["X5.limitation"] * DAY, "destroy", poll)

    def publish(self, poll: str) -> None:
        cast = sorted(self.papers[poll], key=lambda one: one[0])
        sealed = sorted(sha256(f"sealed {poll} {code}".encode()).hexdigest() for code, _ in cast)
        silent = tuple(
            sorted(row["member"] for row in self.rows["lots"] if row["poll"] == poll and not row["shown"])
        )
        secret = self.lot_secret(poll).hex()
        made = self.record(
            boxes.BoxCounted(poll, len(cast), secret, silent),
            box=json.dumps(sealed), ballots=json.dumps({"ballots": [[code, said] for code, said in cast]}),
        )  # fmt: skip
        self.row("boxes", poll=poll).update(secret=secret, state="counted")
        self.add("marks", poll=poll, marks=len(cast))
        self.point("box.box", poll, made["box"])
        self.point("box.ballots", poll, made["ballots"])

    def annul(self, poll: str, due: datetime) -> None:
        row = self.row("polls", poll=poll)
        self.record(boxes.BoxLost(poll, "unreadable", due))
        self.row("boxes", poll=poll)["state"] = "lost"
        if row["about"] == "recall":
            self.recall_poll(row["subject"], self.at)
        else:
            election = self.row("elections", election=row["subject"])
            roll = self.belongs(row["unit"], election["members_since"])
            names = [one for one in row["options"] if one in roll]
            if names:
                self.open_election_poll(row["subject"], names, roll, self.at)
                return
            self.record(elections.ElectionAnnulled(row["subject"], poll, due))
            election["state"] = "annulled"
            self.again(row["subject"], election["seats"], half=False)

    def ballots(self, poll: str, seats: int) -> Ballots:
        options = self.row("polls", poll=poll)["options"]
        papers: dict[tuple[int, ...], int] = {}
        for _, said in self.papers[poll]:
            ranks = tuple(options.index(one) for one in said["ranking"])
            papers[ranks] = papers.get(ranks, 0) + 1
        return Ballots(tuple(options), seats, tuple(papers.items()))

    def seats_of(self, poll: str) -> int:
        seats: int = self.row("elections", election=self.row("polls", poll=poll)["subject"])["seats"]
        return seats

    def counted(self, poll: str) -> Count:
        seats = self.seats_of(poll)
        options = self.row("polls", poll=poll)["options"]
        return count(
            self.ballots(poll, seats), "irv" if seats == 1 else "scottish-stv", seed=self.seed(poll),
            reopen=options.index("ron"), leave_out_unranked=True,
        )  # fmt: skip

    def firsts(self, poll: str) -> dict[str, int]:
        options = self.row("polls", poll=poll)["options"]
        figures = {f"{option}.first": 0 for option in options}
        for ranks, times in self.ballots(poll, 1).papers:
            if ranks:
                figures[f"{options[ranks[0]]}.first"] += times  # type: ignore[index]
        return figures

    def seat(self, election: str, poll: str, done: Count, due: datetime) -> None:
        """What follows from the count of an election."""
        row, options = self.row("elections", election=election), self.row("polls", poll=poll)["options"]
        elected = tuple(options[one] for one in done.elected)
        unfilled = row["seats"] - len(elected) - done.reopened
        self.record(elections.ElectionDecided(election, poll, elected, done.reopened, unfilled, due))
        row.update(state="decided", elected=list(elected), reopened=done.reopened, unfilled=unfilled)
        begins = self.time(row["begins_at"]) if row["begins_at"] else self.at
        if begins > self.at:
            self.soon(begins, "begin_elected", election, poll, elected)
        else:
            self.begin_elected(election, poll, elected)
        if done.reopened:
            self.again(election, done.reopened, False)
        if unfilled:
            self.soon(self.at + self.limits["N.again"] * DAY, "again", election, unfilled, False)

    def begin_elected(self, election: str, poll: str, elected: tuple[str, ...]) -> None:
        row = self.row("elections", election=election)
        days = self.row("posts", post=row["post"])["term_days"]
        for member in elected:
            if member not in self.belongs("root"):
                self.elect(row["post"], "again", 1, self.at, after=election)
                continue
            half = self.row("nominations", election=election, member=member)["half"]
            ends = self.at + (-(-days // 2) if half else days) * DAY
            self.begin(
                row["post"], member, poll, "elected", self.time(row["ends_at"]) if row["ends_at"] else ends
            )
        if elected and row["why"] != "term-over":
            acting = [
                term for left in row["fills"] for term in self.rows["terms"]
                if term["how"] == "acting" and term["ended_at"] is None
                and any((one["term"], one["member"]) == (left, term["member"]) for one in self.rows["offers"])
            ]  # fmt: skip
            empty = len(row["fills"]) - len(elected)
            for term in acting[: max(0, len(acting) - empty)]:
                self.end_term(term, "seat-filled", "clock", self.at)

    # --- ballots held outside ---

    def blt(self, poll: str, *rankings: Sequence[str]) -> str:
        """A file of ballots as a scrutineer brings it."""
        options = self.row("polls", poll=poll)["options"]
        lines = [f"{len(options)} {self.seats_of(poll)}"]
        for ranking in rankings:
            lines.append(" ".join(["1", *(str(options.index(one) + 1) for one in ranking), "0"]))
        return "\n".join([*lines, "0", *(f'"{one}"' for one in options), '"Held outside"']) + "\n"

    def enter_ballots(self, election: str, member: str, *rankings: Sequence[str]) -> None:
        poll = self.row("elections", election=election)["poll"]
        text = self.blt(poll, *rankings)
        digest = sha256(text.encode()).hexdigest()
        made = self.record(
            boxes.OutsideEntered(poll, len(rankings), digest), member, report="A report.", ballots=text
        )
        self.add(
            "outside_entries", poll=poll, member=member, cast=len(rankings), sha256=digest, at=spell(self.at),
            taken_back_at=None,
        )  # fmt: skip
        self.point("outside.report", f"{poll}/{member}/{spell(self.at)}", made["report"])
        self.point("outside.ballots", f"{poll}/{member}/{spell(self.at)}", made["ballots"])
        standing = [
            row for row in self.rows["outside_entries"]
            if row["poll"] == poll and row["taken_back_at"] is None
        ]  # fmt: skip
        if len(standing) == 2:
            self.count_outside(election, poll, rankings)

    def take_entry_back(self, election: str, member: str) -> None:
        poll = self.row("elections", election=election)["poll"]
        self.record(boxes.OutsideTakenBack(poll), member)
        row = self.row("outside_entries", poll=poll, member=member, taken_back_at=None)
        row["taken_back_at"] = spell(self.at)

    def count_outside(self, election: str, poll: str, rankings: Sequence[Sequence[str]]) -> None:
        self.papers[poll] = [("", {"ranking": list(ranking)}) for ranking in rankings]
        done, figures, row = self.counted(poll), self.firsts(poll), self.row("polls", poll=poll)
        due = self.time(row["closes_at"])
        fact = polls.PollCounted(poll, due, len(rankings), "counted", figures)
        made = self.record(fact, count=json.dumps(done.to_json()))
        row.update(
            state="counted", closed_at=spell(self.at), cast=len(rankings), outcome="counted", figures=figures
        )
        self.point("poll.count", poll, made["count"])
        self.seat(election, poll, done, due)

    def destroy(self, of: str) -> None:
        self.record(boxes.LinksDestroyed(of, self.at))
        self.rows["marks"] = [row for row in self.rows["marks"] if row["poll"] != of]
        self.rows["ties"] = [row for row in self.rows["ties"] if row["petition"] != of]
        for name, key in (("petitions", "petition"), ("boxes", "poll")):
            for row in self.rows[name]:
                row["links_destroyed"] = row["links_destroyed"] or row[key] == of

    # --- next in line ---

    def offer(self, term: str, due: datetime) -> None:
        row = self.row("terms", term=term)
        poll, aside = row["poll"], tuple(self.answers.setdefault(term, []))
        options = self.row("polls", poll=poll)["options"]
        most = self.time(row["ended_at"]) + self.limits["O2.acting"] * DAY
        ends = min(most, self.time(row["ends_at"]))
        if poll not in self.papers or due + 3 * DAY >= ends:
            return
        of_poll = [one for one in self.rows["terms"] if one["poll"] == poll]
        left = {options.index(one["member"]) for one in of_poll if one["ended_why"] in EARLY}
        seated = {options.index(one["member"]) for one in of_poll if one["ended_at"] is None} - left
        seated |= {
            options.index(one["member"]) for one in self.rows["offers"]
            if one["poll"] == poll and one["state"] == "asked" and one["term"] != term
        }  # fmt: skip
        seats = self.seats_of(poll)
        found = countback(
            self.ballots(poll, seats), "irv" if seats == 1 else "scottish-stv", left=left, seated=seated,
            aside=[options.index(one) for one in aside], seed=self.seed(poll), reopen=options.index("ron"),
        )  # fmt: skip
        if not found.next_in_line:
            return
        member = options[found.next_in_line[0]]
        fact = elections.ActingOffered(
            term, row["post"], poll, member, aside, due + 3 * DAY, ends, due
        )  # fmt: skip
        made = self.record(fact, count=json.dumps(found.to_json()))
        self.add(
            "offers", term=term, member=member, poll=poll, until=spell(due + 3 * DAY), ends_at=spell(ends),
            state="asked", offered_at=spell(self.at),
        )  # fmt: skip
        self.point("offer.count", f"{term}/{member}", made["count"])
        self.soon(due + 3 * DAY, "no_answer", term, member)

    def act(self, term: str, member: str) -> None:
        row = self.row("offers", term=term, member=member)
        self.record(elections.ActingAccepted(term), member)
        row["state"] = "accepted"
        old = self.row("terms", term=term)
        self.begin(old["post"], member, old["poll"], "acting", self.time(row["ends_at"]), member)

    def not_act(self, term: str, member: str) -> None:
        self.record(elections.ActingDeclined(term), member)
        self.row("offers", term=term, member=member)["state"] = "declined"
        self.answers[term].append(member)
        self.offer(term, self.at)

    def no_answer(self, term: str, member: str) -> None:
        row = self.row("offers", term=term, member=member)
        if row["state"] == "asked":
            self.record(elections.ActingLapsed(term, member, self.time(row["until"])))
            row["state"] = "lapsed"
            self.answers[term].append(member)
            self.offer(term, self.at)

    # --- petitions ---

    def petition(
        self, about: str, unit: str, subject: str | None, alias: str, spread: int = 1, of: str = "root"
    ) -> str:
        """Somebody `of` a unit asks for names, from so many units."""
        one, base = self.new("pt"), len(self.belongs(unit))
        share = self.limits["S5.share" if about == "recall" else "S3.share"]
        needed = max(-(-base * share // 10_000), 1 if about == "recall" and base < 4 else 2)
        closes = evening(self.at, self.limits["S5.within"])
        fact = petitions.PetitionOpened(one, about, unit, base, needed, spread, closes, self.limits, subject)
        made = self.record(fact, alias, title="A petition", text="What we ask for.")
        self.add(
            "petitions", petition=one, about=about, subject=subject or "", unit=unit, base=base, needed=needed,
            units_needed=spread, limits=self.limits, opened_at=spell(self.at), closes_at=spell(closes),
            state="running", ended_at=None, poll="", outcome="", links_destroyed=False,
        )  # fmt: skip
        self.point("petition.title", one, made["title"])
        self.point("petition.text", one, made["text"])
        self.sign_petition(one, alias, of)
        self.soon(closes + MINUTE, "close_petition", one)
        return one

    def sign_petition(self, petition: str, alias: str, of: str = "root") -> None:
        self.record(petitions.PetitionSigned(petition, of), alias)
        self.add("signatures", petition=petition, alias=alias, unit=of, at=spell(self.at), withdrawn_at=None)
        self.add("ties", petition=petition, alias=alias)
        row = self.row("petitions", petition=petition)
        units = {one["unit"] for one in self.standing(petition)}
        if self.names(petition) >= row["needed"] and len(units) >= row["units_needed"]:
            self.reach(petition)

    def take_back(self, petition: str, alias: str) -> None:
        self.record(petitions.SignatureWithdrawn(petition), alias)
        self.row("signatures", petition=petition, alias=alias)["withdrawn_at"] = spell(self.at)

    def standing(self, petition: str) -> list[dict[str, Any]]:
        every = (row for row in self.rows["signatures"] if row["petition"] == petition)
        return [row for row in every if row["withdrawn_at"] is None]

    def names(self, petition: str) -> int:
        return len(self.standing(petition))

    def reach(self, petition: str) -> None:
        row = self.row("petitions", petition=petition)
        self.record(petitions.PetitionReached(petition, self.names(petition), self.at))
        row.update(state="reached", ended_at=spell(self.at))
        if row["about"] == "recall":
            self.recall_poll(petition, self.at)
        else:
            self.ask("root", "petition", petition, ("A petition", "What we ask for."), self.at)
            self.soon(self.at + self.limits["X5.limitation"] * DAY, "destroy", petition)

    def draw_signatures(self, petition: str, by: str, sentence: str) -> None:
        seed = sha256(f"kollontai/sample/v1\n{petition}\n{by}\n{sentence}".encode()).hexdigest()
        aliases = [
            row["alias"] for row in self.rows["signatures"]
            if row["petition"] == petition and row["withdrawn_at"] is None
        ]  # fmt: skip
        drawn = draw(seed, aliases)[: min(20, -(-len(aliases) // 10))]
        made = self.record(petitions.SampleDrawn(petition, drawn), by, sentence=sentence)
        self.add(
            "samples", petition=petition, scrutineer=by, aliases=list(drawn), at=spell(self.at),
            reported_at=None, signed=0, denied=0, silent=0,
        )  # fmt: skip
        self.point("sample.sentence", f"{petition}/{by}", made["sentence"])

    def report_signatures(self, petition: str, by: str, signed: int, denied: int, silent: int) -> None:
        self.record(petitions.SampleReported(petition, signed, denied, silent), by)
        row = self.row("samples", petition=petition, scrutineer=by)
        row.update(reported_at=spell(self.at), signed=signed, denied=denied, silent=silent)

    def lapse_petition(self, petition: str, why: str, due: datetime) -> None:
        self.record(petitions.PetitionLapsed(petition, self.names(petition), why, due))
        self.row("petitions", petition=petition).update(state="lapsed", ended_at=spell(self.at))
        self.soon(self.at + self.limits["X5.limitation"] * DAY, "destroy", petition)

    def close_petition(self, petition: str) -> None:
        row = self.row("petitions", petition=petition)
        if row["state"] == "running":
            self.lapse_petition(petition, "too-few", self.time(row["closes_at"]))

    def recall_poll(self, petition: str, due: datetime) -> None:
        row = self.row("petitions", petition=petition)
        poll = f"b{len(self.rows['polls']) + 1:04d}"
        row["poll"] = poll
        closes = evening(due, self.limits["D5.other"])
        self.secret_poll(
            poll, "recall", petition, row["unit"], "yes_no", ("yes", "no", "abstain"),
            self.belongs(row["unit"]), closes, due, 0, "yes-no",
        )  # fmt: skip

    def judge(self, petition: str, poll: str, figures: dict[str, int], due: datetime) -> None:
        """The double test."""
        row = self.row("petitions", petition=petition)
        term, now = self.row("terms", term=row["subject"]), self.row("polls", poll=poll)
        then = self.row("polls", poll=term["poll"])
        turnout = 2 * now["cast"] * then["roll_count"] >= then["cast"] * now["roll_count"]
        outcome = "recalled" if figures["yes"] > figures["no"] and turnout else "kept"
        self.record(
            elections.RecallDecided(
                petition, term["term"], poll, outcome, now["cast"], now["roll_count"], then["cast"],
                then["roll_count"], due,
            )
        )  # fmt: skip
        row.update(state="decided", outcome=outcome)
        if outcome == "recalled" and term["ended_at"] is None:
            self.end_term(term, "recalled", "clock", self.at)
        self.soon(self.at + self.limits["X5.limitation"] * DAY, "destroy", petition)

    # --- questions, and posts that members vote ---

    def ask(self, unit: str, why: str, subject: str, words: tuple[str, str], due: datetime) -> str:
        issue = self.new("q")
        number, draft = len(self.rows["issues"]) + 1, f"{issue}.d"
        weight = "unit" if unit != "root" else "ordinary"
        fact = issues.QuestionPut(issue, number, unit, weight, why, subject, draft, self.limits, due)
        made = self.record(fact, title=words[0], text=words[1])
        if why == "nobody-stands":
            self.declare(issue, "clock", {"effect": "end_post", "post": subject})
        self.add(
            "issues", issue=issue, number=number, unit=unit, raised_by="", by_leader=False, weight=weight,
            limits=self.limits, needed=2, raised_at=spell(self.at), stage="talk",
            stage_began_at=spell(self.at), stage_ends_at=None, drafts_close_at=None, poll="", outcome="",
            ended_at=None, made_big_at=None, made_big_why="", all_led=None, for_body=None, shortened_at=None,
        )  # fmt: skip
        self.add(
            "drafts", draft=draft, issue=issue, letter="A", mover="", first=True, version=1,
            put_at=spell(self.at), withdrawn_at=None,
        )  # fmt: skip
        for name in ("title", "text"):
            self.point(f"issue.{name}", issue, made[name])
            self.point(f"draft.{name}", f"{draft}/1", made[name])
        self.stage(issue, "talk", due=due)
        self.follow(issue)
        return issue

    def follow(self, issue: str) -> None:
        """From here on the clock alone turns an issue."""
        self.soon(self.ends(issue) + 2 * MINUTE, "go_on", issue)

    def go_on(self, issue: str) -> None:
        """Turn an issue that nobody speaks on, to its end."""
        row = self.row("issues", issue=issue)
        following = {"talk": "answer", "answer": "reply"}.get(row["stage"])
        if following:
            self.turn(issue, following)
        elif row["stage"] == "reply":
            self.open_vote(issue, [f"{issue}.d"])
        else:
            poll = self.row("polls", poll=row["poll"])
            votes = self.effects.get(f"{issue}.votes", [])
            yes = len(votes)
            figures = {"yes": yes, "no": 0, "abstain": 0}
            carried = 8 * yes >= poll["roll_count"] and yes > 0
            self.count(poll["poll"], self.ends(issue), "yes" if carried else "no", figures)
            self.decide(issue, poll["poll"], f"{issue}.d" if carried else None)
            for effect in self.effects.get(issue, []) if carried else []:
                self.decide_post(issue, effect)
            return
        self.follow(issue)

    def declare(self, issue: str, by: str, *effects: dict[str, Any]) -> None:
        """Say what the first draft of an issue would change."""
        what = tuple(str(one["effect"]) for one in effects)
        fact = issues.EffectsDeclared(f"{issue}.d", 1, what)
        made = self.record(fact, by, effects=json.dumps(effects))
        self.add("effects", draft=f"{issue}.d", version=1, what=list(what))
        self.point("effects.effects", f"{issue}.d/1", made["effects"])
        self.effects[issue] = list(effects)

    def raise_editor(self, effect: dict[str, Any]) -> None:
        """A big decision, with a post as its effect."""
        issue = self.raise_issue("m0001", weight="big", needed=2, name="x0001")
        self.declare(issue, "m0001", effect)

    def raise_plain(self, name: str, effect: dict[str, Any]) -> None:
        """An ordinary matter, with something about a post as its effect."""
        self.declare(self.raise_issue("m0005", needed=2, name=name), "m0005", effect)

    def vote_for(self, issue: str, *voters: str) -> None:
        for voter in voters:
            self.vote(self.row("issues", issue=issue)["poll"], voter, "yes")
        self.effects[f"{issue}.votes"] = [{"voter": voter} for voter in voters]

    def decide_post(self, issue: str, effect: dict[str, Any]) -> None:
        what = {"create_post": "created", "change_post": "changed", "end_post": "ended"}[effect["effect"]]
        fields = {key: value for key, value in effect.items() if key not in ("effect", "title")}
        post, unit = fields["post"], self.row("issues", issue=issue)["unit"]
        before = next((row["seats"] for row in self.rows["posts"] if row["post"] == post), 0)
        if before:
            row = self.row("posts", post=post)
            fields = {
                key: row[key] for key in ("leading", "seats", "term_days", "pay", "box", "duty")
            } | fields
        fields["duty"] = fields.get("duty") or None
        fact = elections.PostDecided(unit=unit, what=what, issue=issue, draft=f"{issue}.d", **fields)
        made = self.record(fact, title=effect.get("title", f"Post {post}"))
        self.pointers = [one for one in self.pointers if one[:2] != ["post.title", post]]
        self.point("post.title", post, made["title"])
        shown = {**fields, "unit": unit, "duty": fields["duty"] or ""}
        if before:
            self.row("posts", post=post).update(shown)
        else:
            self.add("posts", ended_at=None, **shown)
        if what == "ended":
            self.row("posts", post=post)["ended_at"] = spell(self.at)
        elif fields["seats"] > before:
            self.elect(post, "created", fields["seats"] - before, self.at)
