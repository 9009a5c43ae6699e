# SPDX-License-Identifier: AGPL-3.0-or-later
"""How fast it is, measured beside its peers in the same run. Nothing here is asserted."""
