# SPDX-License-Identifier: AGPL-3.0-or-later
"""Journeys: real servers, real browsers, and people who see no more than a page shows.

On PostgreSQL those are walked again that change rows on the way: the whole life of an issue, of an election
and of a founding, the crowd that votes in one moment, and the witness that reads another house. Those that
look at pages (axe), at devices and at files brought in or taken home are marked `any_database`: the rows
beneath them are written and read on PostgreSQL by the tests of the chapters, the export and the pages.
"""
