# SPDX-License-Identifier: AGPL-3.0-or-later
"""The JSON API: the same acts and the same reads as the pages."""
