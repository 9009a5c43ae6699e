# SPDX-License-Identifier: AGPL-3.0-or-later
"""The articles as a file, `articles.toml`. The server and the auditor each read it with their own code."""
