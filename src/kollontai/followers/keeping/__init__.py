# SPDX-License-Identifier: AGPL-3.0-or-later
"""What whoever runs the machine does to keep it: backups, moving house, another key, a look at its health.

None of it is a power over members. What changes what a record rests on leaves an entry (article 14).
"""
