"""Measures as a file has them -> a tariff: what is read, what is left and why, all counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Final

from xborder_cli.tariffs.duty_text import Duty, read_duty, words
from xborder_cli.tariffs.line import IN_WORDS, LEFT, Line, Unread
from xborder_cli.tariffs.taric_data import MeasureType, measure_types, table
from xborder_cli.tariffs.taric_programmes import ADDED, Codes, added_lines, plain_lines
from xborder_cli.tariffs.taric_sheet import day_of
from xborder_cli.tariffs.taric_spans import ANY, Entry
from xborder_cli.units import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xborder_cli.core.rule import Day
    from xborder_cli.tariffs.taric_areas import Areas

DIGITS: Final = 10  # of a goods code
LINE: Final = (
    "80"  # the suffix of a line that goods are declared under; others are headings in words
)
HEADING: Final = "10"
NO_CHAPTERS: Final = ("00", "77")  # the Harmonized System has none of these numbers
READ: Final = "read"
ROWS: Final = "rows"  # the column of `forms` that accounts for every row


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A row of a file of measures, as printed."""

    row: int
    code: str  # goods code, perhaps with its suffix behind a blank
    type: str
    area: str
    duty: str
    since: str = ""
    until: str = ""
    excluded: tuple[str, ...] = ()
    additional: str = ""  # additional code
    additional_words: str = ""
    order: str = ""  # quota order number
    again: bool = False  # of the row of the measure before it, for another code: counted once


@dataclass(slots=True)
class Reading:
    """What has been made of the rows so far."""

    areas: Areas
    codes: dict[tuple[str, str], Codes] = field(default_factory=dict)  # programme, part -> duties
    parted: dict[tuple[str, str, str], list[tuple[Measure, Entry]]] = field(
        default_factory=lambda: defaultdict(list)
    )  # duties by additional code without a residual, by programme, part and code
    unread: list[Unread] = field(default_factory=list)
    not_duties: list[Unread] = field(default_factory=list)
    left: dict[tuple[str, str], list[Measure]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)  # what became of the rows
    forms: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    left_count: Counter[tuple[str, str]] = field(default_factory=Counter)
    rows: int = 0

    def take(self, measures: Iterable[Measure]) -> None:
        """Read measures."""
        for measure in measures:
            became = self._take(measure)
            if not measure.again:
                self.rows += 1
                self.counts[became] += 1

    def _take(self, measure: Measure) -> str:
        kind = measure_types().get(measure.type)
        if kind is None or not kind.programme:
            return self._leave(measure, kind.why if kind else "unknown-type")
        if measure.order:
            return self._leave(measure, "quota")
        hs, fault = goods_code(measure.code)
        if fault:
            return self._note(measure, measure.code, fault)
        try:
            since, until = day_of(measure.since), day_of(measure.until)
        except Unreadable as unreadable:
            return self._note(measure, str(unreadable), "bad-day", hs)
        if since is not None and until is not None and until < since:
            text = f"{measure.since} to {measure.until}"
            return self._note(measure, text, "bad-day", hs)
        origins = self.areas.members(measure.area)
        if origins is None:
            self.areas.unknown[measure.area] = self.areas.unknown.get(measure.area, 0) + 1
            text = f"area {measure.area}: {measure.duty}"
            if kind.programme != ADDED:
                return self._note(measure, text, "unknown-area", hs)
            entry = self._entry(measure, kind, hs, (ANY,), since, until)
            self._put(kind, _of_some(entry, measure))
            return self._note(measure, text, "unknown-area", hs, IN_WORDS)
        entry = self._entry(measure, kind, hs, origins, since, until)
        if not entry.origins:
            return self._note(measure, f"area {measure.area}", "nobody-left", hs)
        if measure.additional and not residual(measure):
            self.parted[kind.programme, kind.part, hs].append((measure, entry))
            return "additional-code"
        return self._keep(kind, entry, measure)

    def _entry(
        self,
        measure: Measure,
        kind: MeasureType,
        hs: str,
        origins: tuple[str, ...],
        since: Day | None,
        until: Day | None,
    ) -> Entry:
        out: set[str] = set()
        for area in measure.excluded:
            members = self.areas.members(area)
            if members is None and area.isdigit():  # a group; countries without a table are nobody
                self.areas.kept[area] = self.areas.kept.get(area, 0) + 1
            out.update(member for member in members or () if member != ANY)
        if origins != (ANY,):
            origins = tuple(origin for origin in origins if origin not in out)
            out = set()
        return Entry(
            row=measure.row,
            hs=hs,
            origins=origins,
            excluded=tuple(sorted(out)),
            area=measure.area,
            rank=kind.rank,
            since=since,
            until=until,
            duty=read_duty(measure.duty),
            note=kind.note,
        )

    def _keep(self, kind: MeasureType, entry: Entry, measure: Measure) -> str:
        self.forms[kind.programme][entry.duty.form] += 1
        self._put(kind, entry)
        if not entry.duty.read:
            self.unread.append(
                Unread(
                    row=measure.row,
                    hs=entry.hs,
                    text=measure.duty,
                    why=entry.duty.form,
                    became=IN_WORDS,
                )
            )
        return READ

    def _put(self, kind: MeasureType, entry: Entry) -> None:
        codes = self.codes.setdefault((kind.programme, kind.part), {})
        codes.setdefault(entry.hs, []).append(entry)

    def _note(self, measure: Measure, text: str, why: str, hs: str = "", became: str = LEFT) -> str:
        count = 0 if measure.again else 1
        self.unread.append(
            Unread(row=measure.row, hs=hs, text=text, why=why, became=became, count=count)
        )
        return why

    def _leave(self, measure: Measure, why: str) -> str:
        self.left.setdefault((measure.type, why), [measure])
        self.left_count[measure.type, why] += not measure.again
        return why

    def lines(self) -> list[Line]:
        """Return the lines of all programmes; call it once, after all rows."""
        self._told_apart_by_code()
        for (type_, why), measures in self.left.items():
            kind = measure_types().get(type_)
            count = self.left_count[type_, why]
            rows = f"{count:,} row{'s' * (count != 1)}"
            text = f"measure type {type_}{f' {kind.name}' if kind else ''}: {rows} left"
            first = measures[0]
            left = Unread(row=first.row, hs=first.code, text=text, why=why, count=count)
            duty = kind is None or kind.duty  # of a type that nobody knows it may be one
            (self.unread if duty else self.not_duties).append(left)
        found: list[Line] = []
        for programme in dict.fromkeys(programme for programme, _ in self.codes):
            parts = {part: codes for (one, part), codes in self.codes.items() if one == programme}
            if programme == ADDED:
                found.extend(added_lines(programme, parts))
            else:
                found.extend(plain_lines(programme, parts[""]))
        return found

    def _told_apart_by_code(self) -> None:
        """Keep in words what only an additional code tells, where no residual rate stands.

        Of trade remedies the codes are companies': the others of an origin pay what the residual
        code says, and where there is none the duty is not known.
        """
        for (programme, part, hs), found in self.parted.items():
            has = self.codes.get((programme, part), {}).get(hs, [])
            by_area: dict[str, list[tuple[Measure, Entry]]] = defaultdict(list)
            for measure, entry in found:
                by_area[measure.area].append((measure, entry))
            for some in by_area.values():
                entry = some[0][1]
                taken = any(set(entry.origins) <= set(one.origins) for one in has)
                printed = "; ".join(f"{m.additional} {m.duty}" for m, _ in some[:4])
                more = f"; {len(some) - 4} more" if len(some) > 4 else ""
                text = f"by additional code: {printed}{more}"
                told = Unread(
                    row=entry.row,
                    hs=hs,
                    text=text,
                    why="additional-code",
                    became=LEFT if taken else IN_WORDS,
                    count=sum(not measure.again for measure, _ in some),
                )
                self.unread.append(told)
                if taken:  # the residual code's rate
                    continue
                duty = Duty(words(text), "additional-code", text)
                whole = Entry(
                    row=entry.row,
                    hs=hs,
                    origins=entry.origins,
                    excluded=entry.excluded,
                    area=entry.area,
                    rank=entry.rank,
                    since=_earliest([one.since for _, one in some]),
                    until=_latest([one.until for _, one in some]),
                    duty=duty,
                )
                self.codes.setdefault((programme, part), {}).setdefault(hs, []).append(whole)


def goods_code(text: str) -> tuple[str, str]:
    """Return the digits that a goods code stands for, or what is wrong with it.

    Zeros at the end, in pairs, say that the code stands for all below it: they are cut. A zero that
    a spreadsheet dropped in front is put back.

    >>> goods_code("0409000000 80"), goods_code("101210000"), goods_code("6109100010")
    (('0409', ''), ('010121', ''), ('6109100010', ''))
    >>> goods_code("0101210000 10")
    ('', 'heading-in-words')
    """
    code, _, suffix = text.strip().partition(" ")
    if not (code.isascii() and code.isdigit()) or len(code) > DIGITS or len(code) < 2:
        return "", "bad-code"
    if suffix.strip() not in ("", LINE):
        return "", "heading-in-words"
    if len(code) % 2:
        code = f"0{code}"
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return ("", "bad-code") if code.startswith(NO_CHAPTERS) else (code, "")


def _of_some(entry: Entry, measure: Measure) -> Entry:
    """Return a duty on countries that nobody knows as a gap for all: left out, it would be 0."""
    text = f"{measure.duty}, for goods of area {measure.area}, whose countries are not known"
    return replace(entry, duty=Duty(words(text), "unknown-area", measure.duty))


def residual(measure: Measure) -> bool:
    """Tell whether an additional code stands for every company without one of its own."""
    known, said = _residuals(), measure.additional_words.lower()
    if measure.additional in known["code"]:
        return True
    return said.startswith(known["words"]) and not any(word in said for word in known["not"])


@cache
def _residuals() -> dict[str, tuple[str, ...]]:
    rows = table("eu_residual_codes")
    kinds = ("code", "words", "not")
    return {kind: tuple(row["text"] for row in rows if row["kind"] == kind) for kind in kinds}


def _earliest(days: list[Day | None]) -> Day | None:
    known = [day for day in days if day is not None]
    return min(known) if len(known) == len(days) else None


def _latest(days: list[Day | None]) -> Day | None:
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) else None
