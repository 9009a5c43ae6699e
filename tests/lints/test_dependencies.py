# SPDX-License-Identifier: AGPL-3.0-or-later
"""What others made is named with its licence, and every licence goes with ours."""

from importlib import metadata

import pytest

from tools import dependencies

SOME_PEERS_ARE_MISSING = any(
    name not in dependencies.NOT_HERE and not list(metadata.distributions(name=name))
    for name, _version in dependencies.pinned(dependencies.SETS["Only as peers of the counting tests"])
)


@pytest.mark.skipif(SOME_PEERS_ARE_MISSING, reason="the peers of the counting tests are not installed")
def test_the_page_is_what_the_metadata_says():
    assert dependencies.PAGE.read_text("utf-8") == dependencies.page(), "python -m tools.dependencies"


@pytest.mark.parametrize("path", list(dependencies.SETS.values())[:2])
def test_every_licence_goes_with_ours(path):
    found = dependencies.packages(path)
    assert len(found) > 20
    wrong = [one for one in found if not dependencies.is_compatible(one.licence)]
    assert {one.name for one in wrong} <= set(dependencies.BESIDE)
    if path.endswith("run.txt"):
        assert wrong == []


@pytest.mark.parametrize("path", dependencies.VENDORED)
def test_every_vendored_file_goes_with_ours(path):
    found = dependencies.vendored(path)
    assert found
    assert all(dependencies.is_compatible(one.licence) for one in found)


@pytest.mark.parametrize(
    ("licence", "goes"),
    [("MIT", True), ("GPL-2.0-only", False), ("GPL-2.0-only OR MIT", True), ("MIT AND SSPL-1.0", False),
     ("Proprietary", False), ("Apache-2.0 OR BSD-3-Clause", True)],
)  # fmt: skip
def test_a_licence_is_judged_by_its_parts(licence, goes):
    assert dependencies.is_compatible(licence) is goes
