# SPDX-License-Identifier: AGPL-3.0-or-later
"""Peers that are not installed are skipped by name, and the reader is told how to install them."""

from __future__ import annotations

import importlib.util

import pytest

PEERS = ("abcvoting", "pabutools", "pref_voting", "pyrankvote", "starvote", "votelib")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly which peers were missing."""
    missing = [peer for peer in PEERS if importlib.util.find_spec(peer) is None]
    if missing:
        terminalreporter.write_sep("!", f"not compared with {', '.join(missing)}", red=True)
        terminalreporter.write_line("pip install -r tests/against/counting/requirements.txt installs them.")
