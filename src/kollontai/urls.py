# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which address leads to which face."""

from django.urls import include, path

from kollontai.api.urls import api
from kollontai.chapters.record import serving

urlpatterns = [
    path("api/v1/", api.urls),
    path("witness/add-checkpoint", serving.add_checkpoint),
    path("witness/<str:origin_hash>/checkpoint", serving.witnessed_checkpoint),
    path("record/<slug:slug>/checkpoint", serving.checkpoint),
    path("record/<slug:slug>/log.vkey", serving.log_vkey),
    path("record/<slug:slug>/log.vkeys", serving.log_vkeys),
    path("record/<slug:slug>/tile/<path:tile>", serving.tile),
    path("", include("kollontai.web.urls")),
]
