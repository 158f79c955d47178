"""Exports of others: what their columns mean, as data with its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from xborder_cli.adapters.order_rows import normal

if TYPE_CHECKING:
    from collections.abc import Collection

NEARLY: Final = (9, 10)  # share of a preset's telling columns, from which it is offered


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One export: which of its columns mean what of ours."""

    name: str
    title: str
    columns: tuple[tuple[str, str, str], ...]  # (theirs, ours, unit)
    tell: tuple[str, ...]  # columns by which it is known
    source: str  # url
    checked: str  # day
    notes: tuple[str, ...] = ()
    kind: str = "orders"  # or products, for --catalog

    @property
    def rules(self) -> tuple[tuple[str, str, str], ...]:
        """Its columns as headings are compared."""
        return tuple((normal(theirs), ours, unit) for theirs, ours, unit in self.columns)


@cache
def presets() -> dict[str, Preset]:
    """Return every preset by its name."""
    import yaml

    found = {}
    for name, text in _texts().items():
        data = yaml.load(text, Loader=yaml.BaseLoader)
        columns = []
        for theirs, meaning in data["columns"].items():
            ours, _, unit = meaning.partition(" ")
            columns.append((theirs, ours, unit))
        found[name] = Preset(
            name=name,
            title=data["title"],
            columns=tuple(columns),
            tell=tuple(data["tell"]),
            source=data["source"],
            checked=data["checked"],
            notes=tuple(data.get("notes", ())),
            kind=data.get("kind", "orders"),
        )
    return found


def fitting(headings: Collection[str], kind: str = "orders") -> Preset | None:
    """Return the preset whose columns the headings nearly all have; the most telling of several."""
    have = {normal(heading) for heading in headings}
    if not any(_fits(_telling(text), have) for text in _texts().values()):
        return None  # as nearly always: then nothing need be parsed
    best: tuple[int, Preset] | None = None
    for preset in presets().values():
        tell = {normal(name) for name in preset.tell}
        if preset.kind != kind or not _fits(tell, have):
            continue
        met = len(tell & have)
        if best is None or met > best[0]:
            best = (met, preset)
    return best[1] if best else None


def _fits(tell: set[str], have: set[str]) -> bool:
    top, bottom = NEARLY
    return len(tell & have) * bottom >= len(tell) * top


@cache
def _texts() -> dict[str, str]:
    """Return the files of all presets by name, as they are written."""
    folder = resources.files("xborder_cli.batch") / "preset_data"
    return {
        file.name.removesuffix(".yaml"): file.read_text(encoding="utf-8")
        for file in sorted(folder.iterdir(), key=lambda one: one.name)
        if file.name.endswith(".yaml")
    }


def _telling(text: str) -> set[str]:
    """Return the columns that tell a preset, which stand in one line, `tell: [A, B]`."""
    line = next(one for one in text.splitlines() if one.startswith("tell: "))
    return {normal(name.strip(' "')) for name in line[len("tell: ") :].strip("[]").split(",")}
