# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an audit has to say, in words and as JSON; and always what it could not see."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from kollontai.auditor.audit import Audit
from kollontai.auditor.checks import Check
from kollontai.auditor.findings import Finding
from kollontai.openrecord.times import write_time
from kollontai.openrecord.words import five_words

VERSION = 1


@dataclass(frozen=True, slots=True)
class Answer:
    """One check, and what it found."""

    check: Check
    findings: tuple[Finding, ...]
    cut: bool = False
    """Whether it found more than anybody would read."""
    unfinished: str = ""
    """Why it could not be asked to the end."""


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one audit."""

    origin: str
    size: int
    root: bytes
    last_at: datetime | None
    answers: tuple[Answer, ...]
    not_seen: tuple[str, ...]
    titles: dict[int, str]

    @property
    def findings(self) -> list[Finding]:
        """Every breach, by article and position."""
        return self._sorted("breach")

    @property
    def observations(self) -> list[Finding]:
        """What breaks no rule, and is worth knowing."""
        return self._sorted("observation")

    @property
    def ok(self) -> bool:
        """Whether nothing was found, and every check could be asked to the end."""
        return not self.findings and not any(answer.unfinished for answer in self.answers)

    def _sorted(self, severity: str) -> list[Finding]:
        found = [
            finding for answer in self.answers for finding in answer.findings if finding.severity == severity
        ]
        return sorted(found, key=lambda one: (one.article, _place(one), one.check, one.sentence))

    @property
    def words(self) -> str:
        """The root in five words."""
        return five_words(self.root)

    # --- in words ---

    def text(self, say: Callable[[str], str] = str) -> str:
        """The report as one reads it; `say` puts each sentence into the reader's language (`spoken`)."""
        return "\n".join(self._lines(say)) + "\n"

    def _lines(self, say: Callable[[str], str]) -> Iterator[str]:
        yield say(f"Record of {self.origin}")
        time = (
            f"the last of {self.last_at:%Y-%m-%d %H:%M} UTC" if self.last_at else "none of which tells a time"
        )
        yield say(f"{self.size:,} entries, {time}")
        yield say(f"Root {self.root.hex()}")
        yield f"     {self.words}"
        yield ""
        findings = self.findings
        if not findings:
            yield say("Nothing found.")
        else:
            yield say(f"{len(findings)} findings." if len(findings) > 1 else "1 finding.")
        yield from self._grouped(findings, say)
        if self.observations:
            yield ""
            yield say("No breach, but worth knowing:")
            yield from self._grouped(self.observations, say)
        yield ""
        yield say(f"{len(self.answers)} questions were asked.")
        for answer in self.answers:
            if answer.cut:
                cut = say(f"{answer.check.name}: only the first {len(answer.findings)} findings are shown.")
                yield f"  {cut}"
            if answer.unfinished:
                why = say(f"{answer.check.name} could not be asked to the end: {answer.unfinished}")
                yield f"  {why}"
        yield ""
        yield say("What this check could not see:")
        for line in self.not_seen:
            yield f"  - {say(line)}"

    def _grouped(self, findings: Iterable[Finding], say: Callable[[str], str]) -> Iterator[str]:
        for article, group in groupby(findings, key=lambda one: one.article):
            yield ""
            yield say(f"Article {article} · {self.titles.get(article, '')}")
            for finding in group:
                where = "-" if finding.position is None else str(finding.position)
                yield f"  {say('entry')} {where:>7}  {say(finding.sentence)}  [{finding.check}]"

    # --- for programs ---

    def to_json(self) -> str:
        """The report as JSON."""
        whole: dict[str, Any] = {
            "v": VERSION,
            "origin": self.origin,
            "size": self.size,
            "root": self.root.hex(),
            "words": self.words,
            "last_at": write_time(self.last_at) if self.last_at else None,
            "ok": self.ok,
            "findings": [_plain(finding) for finding in self.findings],
            "observations": [_plain(finding) for finding in self.observations],
            "checks": [
                {
                    "name": answer.check.name,
                    "question": answer.check.question,
                    "article": answer.check.article,
                    "evidence": str(answer.check.evidence),
                    "findings": len(answer.findings),
                    "cut": answer.cut,
                    "unfinished": answer.unfinished,
                }
                for answer in self.answers
            ],
            "not_seen": list(self.not_seen),
        }
        return json.dumps(whole, ensure_ascii=False, indent=1)


def _place(finding: Finding) -> int:
    return -1 if finding.position is None else finding.position


def _plain(finding: Finding) -> dict[str, Any]:
    return {
        "check": finding.check,
        "position": finding.position,
        "subject": finding.subject,
        "sentence": finding.sentence,
        "article": finding.article,
        "severity": finding.severity,
    }


def not_seen(audit: Audit, checks: Iterable[Check]) -> Iterator[str]:
    """What this audit could not see, from its inputs and from the nature of its checks."""
    checks = list(checks)
    if not audit.export.pinned:
        yield "Whose record this is: the key was taken from this export alone (give --vkey)."
    if audit.old is None:
        yield "Its past: no earlier copy was given, so history was taken from this export alone (give --old)."
    if audit.policy is None:
        yield "Whether others were shown another record: no witnesses were named (give --policy)."
    if audit.state.last_at is not None:
        yield (
            f"What was due after the last entry ({audit.last_at:%Y-%m-%d %H:%M} UTC): a record in which "
            "nothing follows looks like an organisation in which nothing happens."
        )
    erased, held = (
        len(audit.state.erased),
        sum(one.held in audit.contents.closed for one in audit.state.committed.values()),
    )
    if erased:
        yield f"What was erased: {erased} texts or names. An entry stands for each; the words are gone."
    if held:
        yield f"What stays closed until a poll closes or a statement opens: {held} texts or choices."
    secret = [
        poll.id for poll in audit.state.polls.values() if poll.box == "separated" and poll.counted is not None
    ]
    if secret:
        yield (
            f"Whether the ballots of {len(secret)} secret polls are those that were cast: attested by the "
            "server; whoever voted can check their code."
        )
    if audit.contents.level == "world":
        yield "Words that only members may read: this export is for the world."
    yield from dict.fromkeys(check.evidence.limit for check in checks if check.evidence.limit)
    watched = {check.article for check in checks}
    silent = [str(number) for number in sorted(set(audit.articles.titles) - watched)]
    if silent:
        yield f"Articles {', '.join(silent)}: nothing that they rule is on the record yet."
