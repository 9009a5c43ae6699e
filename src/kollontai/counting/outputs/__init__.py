# SPDX-License-Identifier: AGPL-3.0-or-later
"""Results as tables, pages and pictures. Every figure comes from the result; nothing is counted here."""
