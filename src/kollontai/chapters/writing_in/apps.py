# SPDX-License-Identifier: AGPL-3.0-or-later
"""Registers this chapter with Django."""

from django.apps import AppConfig


class WritingInConfig(AppConfig):
    """The chapter `writing_in`."""

    name = "kollontai.chapters.writing_in"
    label = "writing_in"
    default_auto_field = "django.db.models.BigAutoField"
