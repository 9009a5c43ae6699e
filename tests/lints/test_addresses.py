# SPDX-License-Identifier: AGPL-3.0-or-later
"""A full address begins with the site the operator named: nobody else puts one together, or asks a request."""

import re

from tests.lints.tree import PACKAGE

MADE_BY = re.compile(r"build_absolute_uri|settings\.SITE|request\.get_host|HTTP_HOST")
MAY = {
    "followers/addresses.py",
    "cli/house.py",  # said on the command line
    "cli/doctor.py",  # looks at what is set
    "web/views/sign_in.py",  # a key is asked for at the address that the browser shows
    "web/middleware.py",  # whether what was sent comes from a page of this host
    "web/views/account.py",  # where to go back to, on this host
}


def test_full_addresses_are_made_in_one_place() -> None:
    files = [path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".html", ".txt"}]
    asking = {path.relative_to(PACKAGE).as_posix() for path in files if MADE_BY.search(path.read_text())}
    assert asking == MAY
