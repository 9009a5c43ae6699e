# SPDX-License-Identifier: AGPL-3.0-or-later
"""Registers the demonstrations, only where a house is marked as one, and hands over their clock."""

from django.apps import AppConfig


class DemosConfig(AppConfig):
    """The demonstrations."""

    name = "kollontai.demos"
    label = "demos"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """From here on the time is what the demonstration's clock shows."""
        from kollontai import clock
        from kollontai.demos import standing_clock

        clock.read_from(standing_clock.read)
