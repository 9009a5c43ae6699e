# SPDX-License-Identifier: AGPL-3.0-or-later
"""Registers this chapter with Django."""

from django.apps import AppConfig


class CharterConfig(AppConfig):
    """The chapter `charter`."""

    name = "kollontai.chapters.charter"
    label = "charter"
    default_auto_field = "django.db.models.BigAutoField"
