# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every kind of entry there is: one file per subject, and nothing outside this folder.

Importing this package registers them all, so that the list in `facts.KINDS` is complete and closed.
"""

from __future__ import annotations

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
