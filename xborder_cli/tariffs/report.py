"""What became of an import: lines for a person, rows of changes, JSON for a program."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from xborder_cli.tariffs.editions import OFFICIAL
from xborder_cli.tariffs.line import IN_WORDS, LEFT, NOTED
from xborder_cli.units import day_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from xborder_cli.tariffs.brought import Brought
    from xborder_cli.tariffs.line import Unread

BECAME: Final = (LEFT, IN_WORDS, NOTED)
SCHEMA: Final = "xb.import/1"
SHOWN: Final = 20  # unread texts that a person sees; the report has all
TEXT: Final = 120  # signs of each, as an authority prints it; a fault with its fix stands whole
KINDS: Final = ("added", "changed", "removed")
FIELDS: Final = (
    "change", "tariff", "programme", "hs", "origin", "claim", "rate_before", "rate", "from",
    "revision",
)  # fmt: skip


def change_rows(done: Sequence[Brought]) -> Iterator[dict[str, str]]:
    """Yield what imports changed, as flat rows: the names are API."""
    for brought in done:
        for change in brought.changes:
            yield {
                "change": change.kind,
                "tariff": brought.reading.tariff.tariff,
                "programme": change.programme,
                "hs": change.hs or "*",
                "origin": " ".join(change.origins),
                "claim": change.claim,
                "rate_before": change.before.replace('"', ""),
                "rate": change.after.replace('"', ""),
                "from": day_text(change.since),
                "revision": brought.revision.name or brought.revision.id,
            }


def document(done: Sequence[Brought], into: Path, *, kept: bool) -> dict[str, object]:
    """Return xb.import/1.

    Args:
        done: what became of each reading.
        into: the folder of the tables.
        kept: whether the tables were put there; a dry run puts none.
    """
    return {
        "schema": SCHEMA,
        "into": str(into),
        "kept": kept,
        "imports": [_one(brought, into) for brought in done],
    }


def _one(brought: Brought, into: Path) -> dict[str, object]:
    tariff, revision = brought.reading.tariff, brought.revision
    return {
        "files": [{"file": file.name, "sha256": file.sha256} for file in revision.files],
        "kind": tariff.kind,
        "tariff": tariff.tariff,
        "title": revision.title,
        "url": revision.url,
        "revision": revision.name,
        "from": day_text(revision.day),
        "imported_before": brought.again,
        "rows": tariff.rows,
        "lines": brought.lines,
        "forms": tariff.forms,
        "unread": _by_reason(brought.unread),
        "not_duties": _by_reason(tariff.not_duties),
        "left_out": _rows(brought.left_out),
        "notes": brought.notes,
        "warnings": brought.warnings,
        "counts": counts(brought),
        "regrouped": brought.regrouped,
        "codes_changed": len(brought.codes),
        "changes": [
            {name: row[name] or None for name in FIELDS if name not in ("tariff", "revision")}
            for row in change_rows([brought])
        ],
        "tables": [path.relative_to(into).as_posix() for path in brought.tables],
    }


def _by_reason(found: Sequence[Unread]) -> dict[str, object]:
    """Return what was not read by the reason; `count` is of rows of the file."""
    by_why: dict[str, list[Unread]] = defaultdict(list)
    for one in found:
        by_why[one.why].append(one)
    return {
        why: {
            "count": _rows(some),
            "rows": [{"row": one.row, "hs": one.hs, "text": one.text} for one in some],
        }
        for why, some in by_why.items()
    }


def _rows(found: Iterable[Unread]) -> int:
    return sum(one.count for one in found)


def counts(brought: Brought) -> dict[str, int]:
    """Return how many codes with their origins were added, changed, removed and left alone."""
    found = Counter(change.kind for change in brought.changes)
    return {**{kind: found[kind] for kind in KINDS}, "unchanged": brought.unchanged}


def lines(brought: Brought) -> Iterator[str]:
    """Yield what a person wants to know of one reading."""
    tariff, revision = brought.reading.tariff, brought.revision
    files = ", ".join(file.name for file in revision.files)
    name = f", {revision.name}" if revision.name else ""
    yield f"{files}: {tariff.tariff} ({tariff.kind}){name}, from {day_text(revision.day)}"
    yield f"  {tariff.rows:,} rows; rates: {_counted(brought.lines)}"
    for column, forms in tariff.forms.items():
        yield f"  {column}: {_counted(forms)}"
    by_became = {name: [one for one in brought.unread if one.became == name] for name in BECAME}
    lost = [*by_became[LEFT], *by_became[IN_WORDS]]
    if lost:
        parts = [f"{name} {_reasons(by_became[name])}" for name in BECAME[:2] if by_became[name]]
        yield f"  not understood: {', '.join(parts)}"
        for one in lost[:SHOWN]:
            text = one.text
            if tariff.kind in OFFICIAL and len(text) > TEXT:
                text = f"{text[: TEXT - 3]}..."
            yield f"    row {one.row}  {one.hs or '-'}  {one.why}: {text or 'blank'}"
        if len(lost) > SHOWN:
            yield f"    and {len(lost) - SHOWN:,} more; --report FILE has all"
    if noted := by_became[NOTED]:
        yield f"  {NOTED}: {_reasons(noted)}"
    if tariff.not_duties:
        yield f"  not duties: {_reasons(tariff.not_duties)}"
    for note in brought.notes:
        yield f"  {note}"
    if brought.again:
        yield f"  nothing changed: imported on {day_text(revision.retrieved)} already"
    elif brought.first:
        yield f"  all {sum(counts(brought).values()):,} rates are new in this folder"
    else:
        yield f"  {_counted(counts(brought))}"
        if brought.changes or brought.regrouped:
            yield f"  codes that pay something else: {len(brought.codes):,}"
        if brought.regrouped:
            yield (
                f"  {brought.regrouped:,} more rows stand at longer or shorter codes, and change"
                " nothing that a code pays"
            )


def _reasons(found: Sequence[Unread]) -> str:
    """Return how many rows these are, and how many for each reason."""
    whys: Counter[str] = Counter()
    for one in found:
        whys[one.why] += one.count
    return f"{_rows(found):,} ({_counted(whys)})"


def _counted(found: Mapping[str, int]) -> str:
    some = [f"{name} {count:,}" for name, count in found.items() if count]
    return ", ".join(some) or "none"
