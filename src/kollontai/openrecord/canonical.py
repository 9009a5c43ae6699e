# SPDX-License-Identifier: AGPL-3.0-or-later
"""One value has one spelling: a strict subset of the JSON Canonicalization Scheme (RFC 8785).

Allowed are objects with ASCII keys, lists, strings of valid Unicode, whole numbers within ±(2^53 - 1),
true, false and null. Inside this subset the standard library writes exactly the bytes RFC 8785 asks
for; outside it (fractions, large numbers, keys beyond ASCII) libraries disagree, so it is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from kollontai.openrecord.errors import NotCanonical

LARGEST = 2**53 - 1


def encode(obj: Mapping[str, object]) -> bytes:
    """Write an object in its one spelling."""
    value = dict(obj)
    try:
        _refuse_what_has_no_spelling(value)
        return _write(value)
    except RecursionError:
        raise NotCanonical("The value is nested too deeply.") from None


def decode(data: bytes) -> dict[str, Any]:
    """Read an object, and refuse any bytes but its one spelling.

    Writing it again and comparing also catches doubled keys, which every JSON parser merges in silence.
    """
    try:
        value, _ = _PARSER.raw_decode(data.decode("utf-8"))  # what may stand behind it shows below
        if type(value) is not dict:
            raise NotCanonical("The outermost value is not an object.")
        if not data.isascii():  # ASCII bytes that survive the rewriting below have nothing left to refuse
            _refuse_what_has_no_spelling(value)
        rewritten = _write(value)
    except RecursionError:
        raise NotCanonical("The value is nested too deeply.") from None
    except ValueError:  # also UnicodeDecodeError, JSONDecodeError
        raise NotCanonical("These bytes are not JSON in UTF-8.") from None
    if rewritten != data:
        raise NotCanonical("The value is not in its canonical spelling.")
    return value


def _write(value: dict[str, Any]) -> bytes:
    try:
        return _WRITER.encode(value).encode("utf-8")
    except UnicodeEncodeError:
        raise NotCanonical("A text holds half a surrogate pair, which is no valid Unicode.") from None


def _refuse_what_has_no_spelling(value: object) -> None:
    # Exact types: a subclass (an enumeration, say) may be written differently by another library.
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return
    if kind is int:
        if not -LARGEST <= value <= LARGEST:  # type: ignore[operator]
            raise NotCanonical("A number is beyond ±(2^53 - 1).")
    elif isinstance(value, list) and kind is list:
        for item in value:
            _refuse_what_has_no_spelling(item)
    elif isinstance(value, dict) and kind is dict:
        for key, item in value.items():
            if type(key) is not str or not key.isascii():
                raise NotCanonical("A key is not an ASCII text.")
            _refuse_what_has_no_spelling(item)
    else:
        raise NotCanonical(f"A value of type {kind.__name__} has no canonical spelling.")


def _whole(digits: str) -> int:
    number = int(digits) if len(digits) <= 17 else LARGEST + 1
    if not -LARGEST <= number <= LARGEST:
        raise NotCanonical("A number is beyond ±(2^53 - 1).")
    return number


def _refuse_number(_: str) -> NoReturn:
    raise NotCanonical("A number is not whole.")


_PARSER = json.JSONDecoder(parse_int=_whole, parse_float=_refuse_number, parse_constant=_refuse_number)
_WRITER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
)
