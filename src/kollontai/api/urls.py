# SPDX-License-Identifier: AGPL-3.0-or-later
"""The JSON API: the same acts and reads as the pages, for programs."""

from ninja import NinjaAPI

api = NinjaAPI(title="Kollontai", version="1", urls_namespace="api")
