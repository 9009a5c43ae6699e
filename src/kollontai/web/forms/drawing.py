# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fields as HTML, as Django draws them, without a template for every option.

A form of a draft offers each post and each unit of an organisation; Django fills two templates for each of
them, which took most of the page's time. What is written here is what those templates write, sign for sign.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe


class Drawn(DjangoTemplates):
    """Draws lists of choices, lines and longer texts itself; all else by Django's templates."""

    def render(
        self, template_name: str, context: Mapping[str, Any], request: HttpRequest | None = None
    ) -> SafeString:
        """Draw one field."""
        draw = _DRAWN.get(template_name)
        if draw is None:
            return super().render(template_name, context, request)  # type: ignore[no-any-return]
        return mark_safe(draw(context["widget"]))  # noqa: S308  # each value was escaped


def _select(widget: Mapping[str, Any]) -> str:
    parts = [f'<select name="{_said(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{_said(group)}">')
        parts += [
            f'<option value="{_sign(one["value"])}"{_attributes(one["attrs"])}>{_said(one["label"])}</option>'
            for one in options
        ]
        if group:
            parts.append("</optgroup>")
    return "\n  ".join(parts) + "\n</select>"


def _input(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{_sign(widget["value"])}"'
    begins = f'<input type="{_said(widget["type"])}" name="{_said(widget["name"])}"'
    return f"{begins}{value}{_attributes(widget['attrs'])}>"


def _textarea(widget: Mapping[str, Any]) -> str:
    value = _said(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_said(widget["name"])}"{_attributes(widget["attrs"])}>\n{value}</textarea>'


def _attributes(attributes: Mapping[str, Any]) -> str:
    return "".join(
        f" {_said(name)}" if value is True else f' {_said(name)}="{_sign(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def _said(value: Any) -> str:
    """A value as a template says it: numbers in the reader's way, signs of HTML escaped."""
    return str(conditional_escape(localize(value)))


def _sign(value: Any) -> str:
    """A value as a browser sends it back: never in the reader's way."""
    return str(conditional_escape(value if isinstance(value, str) else str(value)))


_WIDGETS = "django/forms/widgets/"
_DRAWN: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    f"{_WIDGETS}select.html": _select,
    f"{_WIDGETS}textarea.html": _textarea,
    **{f"{_WIDGETS}{kind}.html": _input for kind in ("text", "number", "email", "hidden", "input")},
}
