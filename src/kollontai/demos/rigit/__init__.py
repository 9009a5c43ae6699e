# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rig it: a visitor of a demonstration is the General Secretary for one evening, and tries eight temptations.

Each visitor has a copy of a small organisation (`evening.py`) with files, key and SQLite database of its own
(`copies.py`). Whatever they do is done there, in a process of its own that is stopped when it takes too long
(`inside.py`): six temptations by the acts and addresses that there are (`temptations.py`), one in the
database (`shell.py`), one with the record's key (`rewriting.py`). `seat.py` is the other seat. The
organisations that the server serves are neither read nor written.

The organisation is a small one of its own, built once by acts: copied in a tenth of a second, exported and
audited in one. Its database is SQLite whatever the house runs on, so that all eight work there too.
"""
