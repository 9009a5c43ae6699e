# SPDX-License-Identifier: AGPL-3.0-or-later
"""Registers this chapter with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The chapter `accounts`."""

    name = "kollontai.chapters.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
