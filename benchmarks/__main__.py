# SPDX-License-Identifier: AGPL-3.0-or-later
"""Measure everything, or one thing, and print tables: python -m benchmarks [frame|merkle|…]."""

from __future__ import annotations

import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent


def names() -> list[str]:
    """Everything that can be measured."""
    return sorted(path.stem for path in HERE.glob("[a-z]*.py"))


def machine() -> str:
    """What it ran on."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    processor = f"{len(models)} × {models[0]}" if models else platform.machine()
    return f"{processor}, {platform.system()}, Python {platform.python_version()}"


def main(arguments: list[str]) -> int:
    """Run what was asked for, each in a process of its own."""
    unknown = set(arguments) - set(names())
    if unknown:
        print(
            f"There is no benchmark {', '.join(sorted(unknown))}. There is: {', '.join(names())}.",
            file=sys.stderr,
        )
        return 2
    print(f"{machine()}, {datetime.now(UTC):%Y-%m-%d}")
    failed = 0
    for name in arguments or names():
        print(f"\n## {name}\n\n`python -m benchmarks {name}`\n", flush=True)
        failed |= subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=HERE.parent).returncode
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
