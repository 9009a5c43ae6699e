# SPDX-License-Identifier: AGPL-3.0-or-later
"""Registers this chapter with Django."""

from django.apps import AppConfig


class DeliberationConfig(AppConfig):
    """The chapter `deliberation`."""

    name = "kollontai.chapters.deliberation"
    label = "deliberation"
    default_auto_field = "django.db.models.BigAutoField"
