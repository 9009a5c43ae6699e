# SPDX-License-Identifier: AGPL-3.0-or-later
"""How fast we count, beside the peers that are installed: `benchmarks/counting.py [--million] [--peers]`.

Files are made from a fixed seed, so that every run and every peer has the same. Results are compared before
times are believed.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from kollontai.counting.budgets import fund
from kollontai.counting.budgets.rules import supporters
from kollontai.counting.committees import committee
from kollontai.counting.files import blt, pabulib
from kollontai.counting.files.pabulib import Budget, Project
from kollontai.counting.schulze import schulze
from kollontai.counting.stv import count
from tests.against.counting.conftest import StandIns

WARD = Path(__file__).parents[1] / "tests/data/counting/stv-scottish/edinburgh_2017_ward1.blt"


def median(work: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    """The median of CPU seconds of some runs, children's too, and what came out. Others load the machine."""
    took, result = [], None
    for _ in range(times):
        start = cpu()
        result = work()
        took.append(cpu() - start)
    return statistics.median(took), result


def cpu() -> float:
    """CPU seconds of this process and of those it waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def election(lines: int, candidates: int = 12, seats: int = 4) -> str:
    """A made election in which some candidates are liked more than others."""
    dice = random.Random(1921)
    liking = [1.35**at for at in range(candidates)]
    body = []
    for _ in range(lines):
        order = sorted(range(candidates), key=lambda c: -(dice.random() ** (1 / liking[c])))
        body.append(f"1 {' '.join(str(c + 1) for c in order[: dice.randint(1, 8)])} 0\n")
    names = "".join(f'"C{at + 1}"\n' for at in range(candidates))
    return f'{candidates} {seats}\n{"".join(body)}0\n{names}"made"\n'


def city(voters: int = 90_000, projects: int = 160) -> Budget:
    """A made budget as large as the largest city's."""
    dice = random.Random(2022)
    costs = [
        dice.choice([5, 10, 20, 50, 100, 200, 250, 300, 500]) * 1000 + dice.randrange(1000)
        for _ in range(projects)
    ]
    liking = [dice.paretovariate(1.1) for _ in range(projects)]
    papers: dict[tuple[int, ...], int] = {}
    for _ in range(voters):
        marked = tuple(sorted(set(dice.choices(range(projects), liking, k=dice.randint(1, 5)))))
        papers[marked] = papers.get(marked, 0) + 1
    listed = tuple(Project(str(at), Fraction(cost)) for at, cost in enumerate(costs))
    ballots = tuple((marked, (), times) for marked, times in papers.items())
    return Budget(listed, Fraction(sum(costs) // 4), "approval", voters, ballots, {})


def tell(what: str, seconds: float, note: str = "") -> None:
    """One line of the table."""
    print(f"| {what} | {seconds * 1000:.1f} ms | {note} |", flush=True)


def ranked(sizes: list[int], peers: bool) -> None:
    """STV by Scottish rules and by Meek."""
    text = WARD.read_text()
    for _ in range(9):
        count(blt.read(text))  # a process that counts several wards loads arrays
    tell("ward, read", median(lambda: blt.read(text), 9)[0], "14,207 ballots, 2,766 lines")
    ballots = blt.read(text)
    tell("ward, scottish-stv", median(lambda: count(ballots), 9)[0])
    tell("ward, meek-prf", median(lambda: count(ballots, "meek-prf"), 5)[0])
    command = [sys.executable, "-m", "kollontai.cli", "count", str(WARD), "--json"]
    code = f"import sys; sys.argv = {['kollontai', *command[3:]]!r}; from kollontai.cli import main; main()"
    cold = median(lambda: subprocess.run([sys.executable, "-c", code], capture_output=True, check=True), 3)[0]
    tell("ward, cold command", cold)
    for lines in sizes:
        text = election(lines)
        for _ in range(2):
            blt.read(text)  # warm: machine code is loaded once a process has read 2 MB
        reading, ballots = median(lambda: blt.read(text))  # noqa: B023
        tell(f"{lines:,} lines, read", reading, f"{len(text) / 1e6:.1f} MB")
        counting, result = median(lambda: count(ballots, seed="bench"))  # noqa: B023
        telling, _ = median(lambda: json.dumps([result.to_json(), result.sentences()]))  # noqa: B023
        tell(f"{lines:,} lines, scottish-stv", counting, f"{len(result.stages)} stages")
        tell(f"{lines:,} lines, read + count + transcript", reading + counting + telling)
        if lines <= 100_000:
            tell(f"{lines:,} lines, meek-prf", median(lambda: count(ballots, "meek-prf", seed="bench"))[0])  # noqa: B023
        if peers:
            beside_pyrankvote(text, list(result.elected), reading + counting)
            beside_votelib(text, list(result.elected), counting)


def beside_pyrankvote(text: str, elected: list[int], ours: float) -> None:
    """The fastest inexact peer, with our reader."""
    try:
        import pyrankvote
    except ImportError:
        return
    ballots = blt.read(text, fast=False)
    people = [pyrankvote.Candidate(name) for name in ballots.candidates]
    start = cpu()
    papers = [pyrankvote.Ballot([people[c] for c in ranks]) for ranks, _ in ballots.papers]  # type: ignore[index]
    peer = pyrankvote.single_transferable_vote(people, papers, number_of_seats=ballots.seats)
    took = cpu() - start
    same = sorted(people.index(one) for one in peer.get_winners()) == sorted(elected)
    tell(
        "pyrankvote on the same",
        took,
        f"{took / ours:.0f} times ours (reading included); same elected: {same}",
    )


def beside_votelib(text: str, elected: list[int], ours: float) -> None:
    """The peer that counts by fractions in plain Python, with our reader; its reading is not counted."""
    try:
        from votelib.evaluate.sequential import TransferableVoteSelector
    except ImportError:
        return
    ballots = blt.read(text, fast=False)
    merged = ballots.merged()
    start = cpu()
    try:
        peer = TransferableVoteSelector(quota_function="droop").evaluate(merged, ballots.seats)
    except RuntimeError as error:
        print(f"| votelib on the same | | stops: {error} |", flush=True)
        return
    took = cpu() - start
    same = sorted(peer) == sorted(elected)
    tell("votelib, count alone", took, f"{took / ours:.0f} times ours; same elected: {same}")


def pairs() -> None:
    """Schulze on a million ballots with twelve options, every ballot a ranking of its own, from a file."""
    text = election(1_000_000, 12, 1)
    ballots = blt.read(text)
    quo, nothing = ballots.candidates[0], Fraction(0)
    took, _ = median(
        lambda: schulze(
            ballots, ballots.candidates, status_quo=quo, roll=10**6, quorum=nothing, majority=None
        )
    )
    tell("Schulze, 1,000,000 lines, 12 options, read before", took)


def money(peers: bool) -> None:
    """Budgets at 90,000 voters and 160 projects."""
    text = pabulib_text(city())
    reading, budget = median(lambda: pabulib.read(text))
    tell("90,000 voters, 160 projects, read", reading, f"{len(text) / 1e6:.1f} MB")
    times = {}
    for rule in ("greedy", "mes", "mes-add1"):
        times[rule], result = median(lambda: fund(budget, rule), 1 if rule == "mes-add1" else 3)  # noqa: B023
        tell(
            f"90,000 voters, 160 projects, {rule}",
            times[rule],
            f"{len(result.selected)} funded, {result.runs} runs",
        )
    if peers:
        beside_pabutools(text, budget, {"read": reading, **times})


def pabulib_text(budget: Budget) -> str:
    """A budget as a file."""
    lines = ["META", "key;value", "description;made", f"num_projects;{len(budget.projects)}"]
    lines += [f"num_votes;{budget.voters}", f"budget;{budget.budget}", "vote_type;approval", "rule;greedy"]
    lines += ["PROJECTS", "project_id;cost", *(f"{one.id};{one.cost}" for one in budget.projects)]
    lines += ["VOTES", "voter_id;vote"]
    voter = 0
    for marked, _, times in budget.ballots:
        for _ in range(times):
            voter += 1
            lines.append(f"{voter};{','.join(budget.projects[at].id for at in marked)}")
    return "\n".join(lines) + "\n"


def beside_pabutools(text: str, budget: Budget, times: dict[str, float]) -> None:
    """The exact peer (gmpy2) on the same file."""
    try:
        from pabutools.election import Cost_Sat, parse_pabulib
        from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares
        from pabutools.tiebreaking import TieBreakingRule
    except ImportError:
        return
    with tempfile.NamedTemporaryFile("w", suffix=".pb") as file:
        file.write(text)
        file.flush()
        took, (instance, profile) = median(lambda: parse_pabulib(file.name), 1)
    tell("pabutools, read", took, f"{took / times['read']:.0f} times ours")
    profile = profile.as_multiprofile()
    votes = dict(zip([one.id for one in budget.projects], supporters(budget), strict=True))
    order = TieBreakingRule(lambda _instance, _profile, one: (-votes[one.name], one.cost, one.name))
    for rule in ("greedy", "mes", "mes-add1"):
        if rule == "greedy":
            took, peer = median(
                lambda: greedy_utilitarian_welfare(instance, profile, sat_class=Cost_Sat, tie_breaking=order),
                1,
            )
            # The peer's greedy goes by total satisfaction per cost, which is the number of votes.
        else:
            step = 1 if rule == "mes-add1" else None
            took, peer = median(
                lambda: method_of_equal_shares(
                    instance,
                    profile,
                    sat_class=Cost_Sat,
                    voter_budget_increment=step,  # noqa: B023
                    tie_breaking=order,
                ),
                1,
            )
        same = sorted(one.name for one in peer) == sorted(fund(budget, rule).selected)
        tell(f"pabutools, {rule}", took, f"{took / times[rule]:.0f} times ours; same projects: {same}")


def committees(peers: bool) -> None:
    """Twenty of 64 by 6,500 approval ballots."""
    dice = random.Random(64)
    liking = [dice.paretovariate(1.1) for _ in range(64)]
    ballots = [frozenset(dice.choices(range(64), liking, k=dice.randint(1, 12))) for _ in range(6500)]
    names = [str(at) for at in range(64)]
    for rule in ("av", "sav", "seqpav", "seqphragmen", "equal-shares"):
        ours, result = median(lambda: committee([(one, 1) for one in ballots], names, 20, rule))  # noqa: B023
        note = ""
        if peers:
            try:
                from abcvoting import abcrules
                from abcvoting.preferences import Profile
            except ImportError:
                peers = False
            else:

                def theirs(rule: str = rule) -> Any:
                    # Like ours: from the ballots as they are cast.
                    profile = Profile(64)
                    profile.add_voters([list(one) for one in ballots])
                    return abcrules.compute(rule, profile, 20, resolute=True)

                took, told = median(theirs)
                same = sorted(told[0]) == sorted(result.committees[0])
                note = f"abcvoting {took * 1000:.0f} ms, {took / ours:.0f} times ours; same: {same}"
        tell(f"committee, 6,500 ballots, 20 of 64, {rule}", ours, note)


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--peers", action="store_true")
    asked = parser.parse_args()
    print("| what | CPU time | |\n|---|---:|---|")
    ranked([100_000, *([1_000_000] if asked.million else [])], asked.peers)
    if asked.peers:
        sys.meta_path.append(StandIns())
    pairs()
    committees(asked.peers)
    money(asked.peers)


if __name__ == "__main__":
    main()
