# SPDX-License-Identifier: AGPL-3.0-or-later
"""What these tests build, the auditor must agree with."""

from tests.agreement import the_auditor_agrees

__all__ = ["the_auditor_agrees"]
