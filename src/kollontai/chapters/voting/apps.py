# SPDX-License-Identifier: AGPL-3.0-or-later
"""Registers this chapter with Django."""

from django.apps import AppConfig


class VotingConfig(AppConfig):
    """The chapter `voting`."""

    name = "kollontai.chapters.voting"
    label = "voting"
    default_auto_field = "django.db.models.BigAutoField"
