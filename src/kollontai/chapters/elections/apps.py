# SPDX-License-Identifier: AGPL-3.0-or-later
"""Registers this chapter with Django."""

from django.apps import AppConfig


class ElectionsConfig(AppConfig):
    """The chapter `elections`."""

    name = "kollontai.chapters.elections"
    label = "elections"
    default_auto_field = "django.db.models.BigAutoField"
