"""Values with a history: a text or a mapping of days to spans, `$name` put in its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xborder_cli.core.rule import Dated, Day, Provenance, Span
from xborder_cli.tables.node import Mapping, Node, Text
from xborder_cli.units import parse_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from xborder_cli.core.rule import SpanValue
    from xborder_cli.tables.reader import Reader

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NAME = re.compile(r"\$([a-z][a-z0-9_]*)")
_SPAN_KEYS = ("value", "source", "checked", "confidence", "user", "unit", "words", "note")


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A text that holds from a day; None when it is ended or not yet known."""

    since: Day
    text: str | None
    provenance: Provenance
    expected: bool = False
    node: Node | None = None  # what to read instead of the text: a mapping


@dataclass(frozen=True, slots=True)
class Named:
    """A dated value of a market, not yet read: what it means depends on who asks."""

    name: str
    spans: tuple[TextSpan, ...]


def is_dated(node: Node) -> bool:
    """Return whether the node is a mapping of days."""
    return isinstance(node, Mapping) and any(_DAY.fullmatch(key) for key in node.entries)


def text_spans(reader: Reader, node: Node) -> tuple[TextSpan, ...]:
    """Return the texts of a plain or dated value in order of day."""
    if not isinstance(node, Mapping) or not is_dated(node):
        if isinstance(node, Text):
            return (TextSpan(reader.since, node.text.strip(), reader.provenance),)
        return (TextSpan(reader.since, "", reader.provenance, node=node),)
    spans: list[TextSpan] = []
    for key, value in node:
        since = reader.attempt(key, lambda text=key.text: parse_day(text))  # type: ignore[misc]
        if since is None:
            continue
        if spans and since <= spans[-1].since:
            what = f"{key.text} does not come after the day before it"
            reader.report("dates-order", key, what, "put the days in order, each once")
            continue
        spans.append(_span(reader, since, key, value))
    return tuple(spans)


def dated(
    reader: Reader,
    node: Node,
    parse: Callable[[str], SpanValue],
    from_node: Callable[[Node], SpanValue] | None = None,
) -> Dated | None:
    """Return the spans of a value, each read by `parse`; None when nothing could be read.

    `$name` in a text is replaced by the market's value of that name, day by day, before it is read.
    """
    found: list[Span] = []
    for span in resolve(reader, text_spans(reader, node), node):
        value: SpanValue = None
        if span.node is not None:
            if from_node is None:
                reader.report("bad-value", span.node, "a text is expected here")
                continue
            value = from_node(span.node)
            if value is None:
                continue
        elif span.text is not None:
            value = reader.attempt(_place(node, span), lambda text=span.text: parse(text))  # type: ignore[misc]
            if value is None:
                continue
        found.append(Span(span.since, value, span.provenance, span.expected))
    return Dated(tuple(found)) if found else None


def resolve(reader: Reader, spans: tuple[TextSpan, ...], where: Node) -> tuple[TextSpan, ...]:
    """Return the spans with every `$name` replaced by the market's value of that name."""
    if not any(span.text and "$" in span.text for span in spans):
        return spans
    found: list[TextSpan] = []
    for index, span in enumerate(spans):
        end = spans[index + 1].since if index + 1 < len(spans) else None
        if span.text is None or "$" not in span.text:
            found.append(span)
        else:
            found.extend(_inlined(reader, span, end, where))
    return tuple(found)


def _inlined(reader: Reader, span: TextSpan, end: Day | None, where: Node) -> list[TextSpan]:
    text = span.text or ""
    names = _NAME.findall(text)
    missing = [name for name in names if name not in reader.named]
    if missing or not names:
        if not reader.lenient_names:
            known = ", ".join(f"${name}" for name in sorted(reader.named)) or "none"
            what = f'the market has no value named "${missing[0] if missing else ""}"'
            reader.report("unknown-name", where, what, f"values here: {known}")
        return []
    values = [reader.named[name] for name in names]
    first = max([span.since, *(value.spans[0].since for value in values if value.spans)])
    days = {first} | {
        part.since
        for value in values
        for part in value.spans
        if part.since > first and (end is None or part.since < end)
    }
    found: list[TextSpan] = []
    for day in sorted(days):
        parts = [_on(value, day) for value in values]
        if any(part is None for part in parts):
            continue
        known_parts = [part for part in parts if part is not None]
        provenance = known_parts[0].provenance if len(parts) == 1 else span.provenance
        if any(part.text is None for part in known_parts):
            expected = any(part.expected for part in known_parts)
            found.append(TextSpan(day, None, provenance, expected))
            continue
        texts = iter(part.text or "" for part in known_parts)
        found.append(TextSpan(day, _NAME.sub(lambda _: next(texts), text), provenance))  # noqa: B023
    return found


def _on(value: Named, day: Day) -> TextSpan | None:
    holding = [span for span in value.spans if span.since <= day]
    return holding[-1] if holding else None


def _span(reader: Reader, since: Day, key: Text, value: Node) -> TextSpan:
    provenance = replace(reader.provenance, line=key.line, since=since)
    if isinstance(value, Mapping):
        reader.mapping(value, "a dated value", _SPAN_KEYS)
        provenance = reader.provenance_of(value, provenance)
        if "user" in value.entries:
            return TextSpan(since, "", provenance, node=value)
        if not reader.require(value, "a dated value", "value"):
            return TextSpan(since, None, provenance)
        text = reader.text(value.get("value"))
    else:
        text = reader.text(value)
    if text in ("expected", "ended"):
        return TextSpan(since, None, provenance, expected=text == "expected")
    return TextSpan(since, text, provenance)


def _place(node: Node, span: TextSpan) -> Node:
    """Return the node to blame for a span: its line's key where the value is dated."""
    if isinstance(node, Mapping):
        for key, value in node:
            if key.line == span.provenance.line:
                inner = value.get("value") if isinstance(value, Mapping) else None
                return inner or value
    return node
