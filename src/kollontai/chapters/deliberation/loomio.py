# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a Loomio group export, and says line by line what cannot be used.

The export is a text of one JSON object a line, {"table": …, "record": {…}}, tables in any order. Of them
these are read: discussions, comments, polls, poll_options, stances and stance_choices (to count where an
option bears no figures of its own), outcomes, topics, users (their names alone) and groups (the name
alone). Older exports tie comments and polls to a discussion by `discussion_id`, newer ones by `topic_id`
and `parent_type`; both are understood. What a file says of mail addresses, notices, reactions, readers and
how each person voted is left where it is. Plain Python; nothing is changed here.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from kollontai.chapters.charter.tables import Problem, Unreadable
from kollontai.chapters.deliberation.archives import (
    LONGEST_NAME,
    LONGEST_TITLE,
    MOST_COMMENTS,
    MOST_OPTIONS,
    MOST_VOTES,
    THREAD_BYTES,
    Choice,
    Remark,
    Thread,
    Vote,
    write,
)
from kollontai.chapters.deliberation.plainwords import line_of, text_of

MOST_BYTES = 50_000_000
MOST_ON_A_PAGE = 20_000_000  # bytes of a file that is sent to a page
MOST_LINES = 500_000
MOST_KEPT = 30_000_000  # bytes of all threads together
LONGEST_LINE = 2_000_000  # bytes
MOST_THREADS = 5_000
MOST_PROBLEMS = 500

Record = Mapping[str, Any]
_READ = (
    "discussions", "comments", "polls", "poll_options", "stances", "stance_choices", "outcomes", "topics",
    "users", "groups",
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """What an export holds: threads, the oldest first; its group's name; what cannot be used, by line."""

    group: str
    threads: tuple[Thread, ...]
    problems: tuple[Problem, ...]
    left: int = 0
    """How many lines hold what is not brought along."""


def preview(data: bytes, *, most: int = MOST_BYTES) -> Found:
    """Read an export. What cannot be used is named with its line; nothing stops the rest but its size."""
    reader = _Reader()
    try:
        reader.take_all(data, most)
    except Unreadable as error:
        reader.problem(error.line, str(error))
    return Found(reader.group, tuple(reader.threads()), tuple(reader.problems), reader.left)


class _Reader:
    """Takes line after line, and makes threads of them."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[int, Record]] = {name: {} for name in _READ}
        self.lines: dict[tuple[str, int], int] = {}
        self.problems: list[Problem] = []
        self.left = 0

    def problem(self, line: int, reason: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(line, reason))
        elif len(self.problems) == MOST_PROBLEMS:
            self.problems.append(Problem(0, f"More than {MOST_PROBLEMS} lines cannot be used."))

    # --- lines ---

    def take_all(self, data: bytes, most: int) -> None:
        """Sort every line into its table."""
        if len(data) > most:
            raise Unreadable(f"The file is larger than {most // 1_000_000} MB.")
        if not data.strip():
            raise Unreadable("The file is empty.")
        if data.startswith(b"PK\x03\x04"):
            raise Unreadable("This is a packed archive; unpack it, and send the .json file in it.")
        for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
            if number > MOST_LINES:
                raise Unreadable(
                    f"The file has more than {MOST_LINES:,} lines; the rest was not read.", number
                )
            if line.strip():
                self._take(number, line)
        if not any(self.tables.values()) and not self.problems:
            raise Unreadable("There is no discussion in this file, nor anything else that is read from one.")

    def _take(self, number: int, line: bytes) -> None:
        if len(line) > LONGEST_LINE:
            return self.problem(number, f"This line is longer than {LONGEST_LINE // 1_000_000} MB.")
        try:
            found = json.loads(line.decode("utf-8"))
        except UnicodeDecodeError:
            return self.problem(number, "This line is not UTF-8, as such an export is.")
        except (ValueError, RecursionError):
            return self.problem(number, "This line is no JSON.")
        table = found.get("table") if isinstance(found, dict) else None
        record = found.get("record") if isinstance(found, dict) else None
        if not isinstance(table, str) or not isinstance(record, dict):
            return self.problem(
                number, "This line names no table and record, as each line of such an export."
            )
        if table not in self.tables:
            self.left += 1
            return None
        key = _number(record.get("id"))
        if key is None:
            return self.problem(number, f"A record of {table} has no number.")
        if key in self.tables[table]:
            return self.problem(number, f"Number {key} of {table} stands in the file twice.")
        self.tables[table][key] = record
        self.lines[table, key] = number
        return None

    # --- threads ---

    @property
    def group(self) -> str:
        """The name of the group, or of the first of several."""
        return next((line_of(one.get("name"), LONGEST_NAME) for one in self._all("groups").values()), "")

    def threads(self) -> list[Thread]:
        """Every discussion with what was said under it, and every vote that stood alone."""
        remarks, votes, alone = self._remarks(), self._votes(), self._alone
        made = []
        for key, one in self._all("discussions").items():
            made.append((self.lines["discussions", key], self._thread(one, remarks[key], votes[key])))
        for key, vote in alone.items():
            thread = Thread(vote.title, "", vote.who, self._at(self._all("polls")[key]), (), (vote,))
            made.append((self.lines["polls", key], thread))
        usable = [thread for line, thread in made if self._fits(line, thread)]
        shown, size = [], 0
        for thread in sorted(usable, key=lambda one: one.at):
            size += len(write(thread).encode())
            if size > MOST_KEPT or len(shown) == MOST_THREADS:
                self.problem(0, f"Of {len(usable):,} threads the oldest {len(shown):,} are shown.")
                break
            shown.append(thread)
        return shown

    def _thread(self, one: Record, remarks: list[Remark], votes: list[Vote]) -> Thread:
        return Thread(
            title=line_of(one.get("title"), LONGEST_TITLE),
            text=text_of(one.get("description"), one.get("description_format")),
            who=self._name(one.get("author_id")),
            at=self._at(one),
            remarks=tuple(remarks),
            votes=tuple(votes),
        )

    def _fits(self, line: int, thread: Thread) -> bool:
        if not thread.title:
            self.problem(line, "This thread has no title.")
        elif len(thread.remarks) > MOST_COMMENTS:
            self.problem(line, f"This thread has more than {MOST_COMMENTS:,} comments.")
        elif len(thread.votes) > MOST_VOTES:
            self.problem(line, f"This thread has more than {MOST_VOTES} votes.")
        elif len(write(thread).encode()) > THREAD_BYTES:
            self.problem(line, f"This thread is longer than {THREAD_BYTES // 1_000:,} kB with its comments.")
        else:
            return True
        return False

    def _remarks(self) -> defaultdict[int, list[Remark]]:
        """What was said, by discussion, in the order of time; an answer names what it answers."""
        comments = self._all("comments")
        homes = {key: self._home_of(key, one) for key, one in comments.items()}
        found: defaultdict[int, list[Remark]] = defaultdict(list)
        numbers: dict[int, int] = {}
        for key, one in sorted(comments.items(), key=lambda pair: (self._at(pair[1]), pair[0])):
            home = homes[key]
            if home is None or home not in self.tables["discussions"]:
                self.problem(
                    self.lines["comments", key], "This comment belongs to no discussion of the file."
                )
                continue
            if home not in self._all("discussions"):
                continue  # its discussion was thrown away there
            above = _number(one.get("parent_id")) if one.get("parent_type", "Comment") == "Comment" else None
            answers = numbers.get(above, 0) if above is not None and homes.get(above) == home else 0
            found[home].append(
                Remark(
                    who=self._name(one.get("user_id")),
                    at=self._at(one),
                    text=text_of(one.get("body"), one.get("body_format")),
                    answers=answers,
                )
            )
            numbers[key] = len(found[home])
        return found

    def _home_of(self, key: int, one: Record) -> int | None:
        """The discussion of a comment: named, or found by going up what it answers."""
        for _ in range(200):
            named = _number(one.get("discussion_id"))
            if named is not None:
                return named
            kind, above = one.get("parent_type"), _number(one.get("parent_id"))
            if kind == "Discussion" or above is None:
                return above
            if kind in ("Poll", "Stance"):
                poll = above if kind == "Poll" else _number(self._of("stances", above).get("poll_id"))
                return self._home_of_poll(self._of("polls", poll))
            one = self._of("comments", above)
        return None

    def _home_of_poll(self, poll: Record) -> int | None:
        named = _number(poll.get("discussion_id"))
        topic = _number(poll.get("topic_id"))
        if named is not None or topic is None:
            return named
        if not hasattr(self, "_by_topic"):
            self._by_topic = {
                _number(one.get("topic_id")): key for key, one in self.tables["discussions"].items()
            } | {
                key: _number(one.get("topicable_id"))
                for key, one in self.tables["topics"].items()
                if one.get("topicable_type") == "Discussion"
            }
        return self._by_topic.get(topic)

    def _votes(self) -> defaultdict[int, list[Vote]]:
        """Votes by discussion; those that belong to none stand in `_alone`."""
        found: defaultdict[int, list[Vote]] = defaultdict(list)
        self._alone: dict[int, Vote] = {}
        options: defaultdict[int, list[tuple[int, Record]]] = defaultdict(list)
        for key, option in self._all("poll_options").items():
            options[_number(option.get("poll_id")) or 0].append((key, option))
        outcomes: defaultdict[int, list[Remark]] = defaultdict(list)
        for outcome in sorted(self._all("outcomes").values(), key=self._at):
            outcomes[_number(outcome.get("poll_id")) or 0].append(
                Remark(
                    who=self._name(outcome.get("author_id")),
                    at=self._at(outcome),
                    text=text_of(outcome.get("statement"), outcome.get("statement_format")),
                )
            )
        counted = self._counted()
        for key, one in sorted(self._all("polls").items(), key=lambda pair: (self._at(pair[1]), pair[0])):
            vote = self._vote(key, one, options[key], counted)
            home = self._home_of_poll(one)
            if home in self._all("discussions"):
                found[home or 0].append(replace(vote, outcomes=tuple(outcomes[key])))
            elif home not in self.tables["discussions"]:
                self._alone[key] = replace(vote, outcomes=tuple(outcomes[key]))
        return found

    def _vote(
        self, key: int, one: Record, options: list[tuple[int, Record]], counted: Mapping[int, tuple[int, int]]
    ) -> Vote:
        if len(options) > MOST_OPTIONS:
            line = self.lines["polls", key]
            self.problem(
                line, f"This vote has more than {MOST_OPTIONS} options; the first of them are shown."
            )
        in_order = sorted(options, key=lambda pair: (_number(pair[1].get("priority")) or 0, pair[0]))
        return Vote(
            title=line_of(one.get("title"), LONGEST_TITLE),
            text=text_of(one.get("details"), one.get("details_format")),
            who=self._name(one.get("author_id")),
            form=line_of(one.get("poll_type"), 40),
            closed_at=_moment(one.get("closed_at")),
            voters=_number(one.get("voters_count")),
            options=tuple(
                Choice(line_of(option.get("name"), LONGEST_TITLE), *_figures(option, counted.get(number)))
                for number, option in in_order[:MOST_OPTIONS]
            ),
        )

    def _counted(self) -> dict[int, tuple[int, int]]:
        """For each option, how many chose it and the sum of what they gave it, from the newest stances."""
        cast = {
            key for key, one in self._all("stances").items()
            if one.get("latest", True) is True and one.get("revoked_at") is None
        }  # fmt: skip
        found: dict[int, tuple[int, int]] = {}
        for one in self.tables["stance_choices"].values():
            option, score = _number(one.get("poll_option_id")), _number(one.get("score"))
            if option is not None and _number(one.get("stance_id")) in cast:
                votes, sum_of = found.get(option, (0, 0))
                given = 1 if score is None else score
                found[option] = (votes + (given != 0), sum_of + given)
        return found

    # --- small things ---

    def _all(self, table: str) -> dict[int, Record]:
        """Records that were not thrown away there."""
        return {key: one for key, one in self.tables[table].items() if one.get("discarded_at") is None}

    def _of(self, table: str, key: int | None) -> Record:
        return {} if key is None else self.tables[table].get(key, {})

    def _name(self, user: object) -> str:
        one = self._of("users", _number(user))
        return line_of(one.get("name") or one.get("username"), LONGEST_NAME)

    def _at(self, one: Record) -> str:
        return _moment(one.get("created_at"))


def _figures(option: Record, counted: tuple[int, int] | None) -> tuple[int | None, int | None]:
    """What the file itself says of an option; else what its stances give; else nothing."""
    votes, score = _number(option.get("voter_count")), _number(option.get("total_score"))
    if votes is None and score is None:
        return counted or (None, None)
    return votes, score


def _number(value: object) -> int | None:
    """A whole number of a size that ids and counts have."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,18}", value):
        return None
    number = int(value)
    return number if abs(number) < 10**18 else None


def _moment(value: object) -> str:
    """A moment in UTC, in whole minutes; nothing where it cannot be read."""
    if not isinstance(value, str) or len(value) > 40:
        return ""
    try:
        moment = datetime.fromisoformat(value)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return ""
    return f"{moment:%Y-%m-%dT%H:%MZ}" if moment.year >= 1000 else ""
