# SPDX-License-Identifier: AGPL-3.0-or-later
"""How entries are folded into the state, one file per subject. Importing this package takes all in."""

from __future__ import annotations

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
