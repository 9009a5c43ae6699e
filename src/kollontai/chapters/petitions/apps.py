# SPDX-License-Identifier: AGPL-3.0-or-later
"""Registers this chapter with Django."""

from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    """The chapter `petitions`."""

    name = "kollontai.chapters.petitions"
    label = "petitions"
    default_auto_field = "django.db.models.BigAutoField"
