# SPDX-License-Identifier: AGPL-3.0-or-later
"""Did a new release of the software change anything but the software?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kollontai.auditor.audit import Audit
from kollontai.auditor.findings import Finder, Finding, attested
from kollontai.auditor.limits import articles

QUESTION = "Does each change of the release name another one, and articles that are known here?"
ARTICLE = 14
EVIDENCE = attested(
    "the server",
    limit="Which program really runs on the machine, no record can tell.",
)
FINDS = ()

_found = Finder(__name__, ARTICLE)
_VERSION = re.compile(r"[0-9]+(\.[0-9]+)*[a-z0-9.]*")


def check(audit: Audit) -> Iterator[Finding]:
    """Each entry names another release than the last; its articles are ones that this auditor carries."""
    known, last = articles(), None
    for one in audit.state.releases:
        at = one.mark.position
        if not _VERSION.fullmatch(one.version):
            yield _found.breach(at, "software", f"{one.version[:40]!a} is no name of a release.")
        if last is not None and (last.version, last.articles_sha256) == (one.version, one.articles_sha256):
            yield _found.breach(at, "software", f"The release {one.version} follows upon itself.")
        found = known.get(one.articles_sha256)
        if found is None:
            yield _found.breach(
                at, "software",
                f"The release {one.version} brings articles that this auditor does not know.",
            )  # fmt: skip
        elif found.version != one.articles_version:
            yield _found.breach(
                at, "software",
                f"The release {one.version} calls its articles version {one.articles_version}; they are "
                f"version {found.version}.",
            )  # fmt: skip
        last = one
