# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door for web servers."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kollontai.settings")
application = get_wsgi_application()
