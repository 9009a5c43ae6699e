# SPDX-License-Identifier: AGPL-3.0-or-later
"""Journeys: real servers, real browsers, and people who see no more than a page shows.

On PostgreSQL those are walked again in which the database itself has a part: a matter from its first word to an
outsider who finds nothing, a founding, a demonstration that starts again, the crowd that votes in one moment, a
house that is told to end. The others are marked `any_database`: the rows beneath them are written and read on
PostgreSQL by the tests of the chapters, the export, the witness and the pages.
"""
