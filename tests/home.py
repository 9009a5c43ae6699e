# SPDX-License-Identifier: AGPL-3.0-or-later
"""Give the tests a home of their own before Django reads its settings (loaded by `-p tests.home`)."""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="kollontai-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["KOLLONTAI_HOME"] = _home
os.environ.pop("KOLLONTAI_KEYS", None)
os.environ["KOLLONTAI_FSYNC"] = "0"
os.environ.setdefault("KOLLONTAI_SECRET_KEY", "only for tests")
for _name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
    os.environ.pop(_name, None)  # commands speak English, wherever the tests run

if "PYTEST_XDIST_WORKER" not in os.environ:
    # What workers share lies with the one who started them, and goes with it (tests/shared.py).
    os.environ["KOLLONTAI_TESTS_SHARED"] = tempfile.mkdtemp(prefix="shared-", dir=_home)

    # Pages are shown in other languages too: from the catalogues as they are now.
    from tools import catalogues

    for _domain in catalogues.DOMAINS:
        for _language in catalogues.LANGUAGES:
            catalogues.build(_language, _domain, only_if_older=True)
