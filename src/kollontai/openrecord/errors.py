# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that can be wrong with a record, on one screen.

    RecordError
    ├── NotCanonical          bytes that are not the one spelling of a value
    ├── MalformedEntry        an entry with a missing, extra, wrong or personal field
    │   └── UnknownKind       an entry of a kind this release does not know
    ├── MalformedKey          a key text that cannot be read
    ├── BadNote               bytes that are no signed note
    │   └── BadSignature      a signature by a known key that does not fit, or a needed one missing
    ├── MalformedCheckpoint   a note whose text is no checkpoint
    ├── MalformedPolicy       a policy file that cannot be read
    ├── MalformedReceipt      a receipt that cannot be read
    ├── MalformedRequest      a witness request that cannot be read
    ├── MalformedTile         a tile, a bundle or their path with the wrong shape
    ├── MissingTile           a file of the record that is not there
    └── BadProof              a proof that does not lead to the root

Whoever reads a record catches RecordError; nothing else may come out of a parser, whatever the bytes.
"""

from __future__ import annotations


class RecordError(Exception):
    """Something about a record is not as it must be; the message is one clear sentence."""


class NotCanonical(RecordError):
    """These bytes are not the one canonical spelling of a value, or the value has none."""


class MalformedEntry(RecordError):
    """An entry has a missing, extra, wrong or personal field."""


class UnknownKind(MalformedEntry):
    """An entry is of a kind this release does not know."""


class MalformedKey(RecordError):
    """A key text cannot be read."""


class BadNote(RecordError):
    """These bytes are no signed note."""


class BadSignature(BadNote):
    """A known key's signature does not fit the text, or a needed signature is missing."""


class MalformedCheckpoint(RecordError):
    """A note's text is no checkpoint."""


class MalformedPolicy(RecordError):
    """A policy file cannot be read."""


class MalformedReceipt(RecordError):
    """A receipt cannot be read."""


class MalformedRequest(RecordError):
    """A request to a witness cannot be read."""


class MalformedTile(RecordError):
    """A tile, a bundle, or the path of one has the wrong shape."""


class MissingTile(RecordError):
    """A file of the record is not there."""


class BadProof(RecordError):
    """A proof does not lead from what is claimed to the root."""
