# SPDX-License-Identifier: AGPL-3.0-or-later
"""Registers the followers with Django: what they keep of their own is private, or machinery."""

from django.apps import AppConfig


class FollowersConfig(AppConfig):
    """What reads the record and tells people."""

    name = "kollontai.followers"
    label = "followers"
    default_auto_field = "django.db.models.BigAutoField"
