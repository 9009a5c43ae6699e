# SPDX-License-Identifier: AGPL-3.0-or-later
"""Registers this chapter with Django."""

from django.apps import AppConfig


class BodiesConfig(AppConfig):
    """The chapter `bodies`."""

    name = "kollontai.chapters.bodies"
    label = "bodies"
    default_auto_field = "django.db.models.BigAutoField"
