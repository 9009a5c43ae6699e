# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whenever the house went to another host: is it said who left and who came?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import Finder, Finding, attested

QUESTION = "Does each change of the host name who leaves and who comes?"
ARTICLE = 14
EVIDENCE = attested("the host who left", limit="Who really sits at the machine, no record can tell.")
FINDS = ()

_found = Finder(__name__, ARTICLE)


def check(audit: Audit) -> Iterator[Finding]:
    """Both are committed to, both names can be read, and they are two."""
    for one in audit.state.host_changes:
        at = one.mark.position
        if one.leaving is None or one.coming is None:
            yield _found.breach(at, "host", "The house changed hands, and it is not said between whom.")
            continue
        names = [audit.contents.value(part) for part in (one.leaving, one.coming)]
        if any(name is not None and not name.strip() for name in names):
            yield _found.breach(at, "host", "The house changed hands, and a name is empty.")
        elif names[0] is not None and names[0] == names[1]:
            yield _found.breach(at, "host", "The house is handed over by somebody to themself.")
        if not re.fullmatch(r"[0-9a-f]{8}", one.box):
            yield _found.breach(at, "host", "The house was sealed to no key that could be known again.")
