# SPDX-License-Identifier: AGPL-3.0-or-later
"""Registers this chapter with Django, and puts the guard before every connection."""

from django.apps import AppConfig
from django.db import connections
from django.db.backends.signals import connection_created


class RecordConfig(AppConfig):
    """The chapter `record`."""

    name = "kollontai.chapters.record"
    label = "record"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Guard the connections there are and those to come."""
        from kollontai.chapters.record import guard

        connection_created.connect(guard.install, dispatch_uid="kollontai.guard")
        for connection in connections.all(initialized_only=True):
            guard.install(self, connection)
