# SPDX-License-Identifier: AGPL-3.0-or-later
"""Journeys: real servers, real browsers, and people who see no more than a page shows.

On PostgreSQL one of each is walked again: a matter from its first word to an outsider who finds nothing, an
election until its holder is recalled, a founding, and the crowd that votes in one moment. The others are
marked `any_database`: the rows beneath them are written and read on PostgreSQL by the tests of the chapters,
the export, the witness and the pages.
"""
