# SPDX-License-Identifier: AGPL-3.0-or-later
"""Registers this chapter with Django."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """The chapter `members`."""

    name = "kollontai.chapters.members"
    label = "members"
    default_auto_field = "django.db.models.BigAutoField"
