# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tools for those who work on the code."""
