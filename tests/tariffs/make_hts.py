"""A made-up export of the United States schedule at full size, with the truth about every line.

Shape and counts are those measured on a real revision; codes, words and figures are invented. The
truth is kept as the generator makes a line, so it rests on no reader.
"""

from __future__ import annotations

import csv
import gzip
import json
from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING

from tests.tariffs.make_hts_rates import COLUMN_2, GENERAL, Printed, a_rate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction
    from pathlib import Path

ROWS = {"10": 19_856, "8": 6_687, "6": 2_093, "4": 961, "": 5_912}
SUBHEADINGS = 5_107
RATED_8, RATED_10 = 3_327, 8_087
CHAPTERS = [f"{number:02}" for number in range(1, 98) if number != 77]
QUOTA_CHAPTERS = ("04", "17", "18", "19", "20", "21", "52")
HOOKS = {"9903.88.03": 5_906, "9903.88.15": 2_963, "9903.88.01": 856, "9903.88.02": 283}
REVIEWED, EXCLUDED, RUSSIA = 349, 141, 553  # hooks 9903.91.01, 9903.88.69, 9903.90.08
ADDS = {"9903.88.03": 25, "9903.88.15": 7.5, "9903.88.01": 25, "9903.88.02": 25, "9903.91.01": 50}
SEGMENTS = {1: 6_722, 2: 200, 3: 36, 4: 38, 5: 6, 6: 47, 7: 50}
FREE_TRADE = ("AU", "BH", "CL", "CO", "IL", "JO", "KR", "MA", "OM", "P", "PA", "PE", "S", "SG")
KEYS = ("htsno", "indent", "description", "units", "general", "special", "other")
HEADING = ["HTS Number", "Indent", "Description", "Unit of Quantity", "General Rate of Duty"]
HEADING += ["Special Rate of Duty", "Column 2 Rate of Duty", "Quota Quantity", "Additional Duties"]


@dataclass(slots=True)
class Truth:
    """What holds for a line of chapters 1 to 97, of 8 or 10 digits."""

    general: Printed
    other: Printed
    special: dict[str, Fraction | None]  # programme code -> share of the value; None: words
    quota: bool
    china: float
    russia: bool
    own: bool  # the rates are printed on the line itself


@dataclass(slots=True)
class Made:
    """The rows of an export, and the truth by code."""

    rows: list[dict[str, object]] = field(default_factory=list)
    truth: dict[str, Truth] = field(default_factory=dict)
    excluded: int = 0


class Maker:
    """Makes an export from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.made = Made()
        self.general = self._bag(GENERAL)
        self.other = self._bag(COLUMN_2)
        self.segments = [count for count, lines in SEGMENTS.items() for _ in range(lines)]
        self.random.shuffle(self.segments)
        self.lists = [name for name, lines in HOOKS.items() for _ in range(lines)]
        self.lists += [""] * (RATED_8 + RATED_10 - len(self.lists))
        self.kinds = [8] * RATED_8 + [10] * RATED_10
        self.random.shuffle(self.kinds)
        self.statistical = ROWS["10"] - RATED_10 - 119  # 119 stand in chapter 98
        self.wordy = ROWS[""]
        self.parted = [True] * ROWS["6"] + [False] * (SUBHEADINGS - ROWS["6"])
        self.random.shuffle(self.parted)
        self.reviewed, self.russian = REVIEWED, RUSSIA

    def _bag(self, counts: dict[str, int]) -> list[str]:
        bag = [form for form, lines in counts.items() for _ in range(lines)]
        self.random.shuffle(bag)
        return bag

    def make(self) -> Made:
        """Return the whole schedule."""
        headings = sorted(
            f"{CHAPTERS[number % len(CHAPTERS)]}{number // len(CHAPTERS) + 1:02}"
            for number in range(ROWS["4"])
        )
        for number, heading in enumerate(headings):
            if self.wordy and number and heading.endswith("05"):
                self.row("", 1, "I. A PART OF THE CHAPTER")  # stands deeper than what follows it
                self.wordy -= 1
            self.row(heading, 0, f"Articles of heading {heading}:")
            share = SUBHEADINGS // len(headings) + (number < SUBHEADINGS % len(headings))
            for place in range(share):
                self.subheading(f"{heading}{place + 10}")
        assert not self.kinds
        assert not self.statistical
        self.apart()
        assert len(self.made.rows) == sum(ROWS.values()), len(self.made.rows)
        return self.made

    def row(self, hs: str, indent: int, words: str, **cells: object) -> dict[str, object]:
        dots = ".".join([hs[:4], *(hs[n : n + 2] for n in range(4, len(hs), 2))]) if hs else ""
        row: dict[str, object] = dict.fromkeys(KEYS, "")
        row |= {"htsno": dots, "indent": str(indent), "description": self.leak(words), "units": []}
        row |= {"superior": "true" if not hs else None, "footnotes": [], "quotaQuantity": None}
        row |= {"additionalDuties": None, "addiitionalDuties": None}
        row |= cells
        self.made.rows.append(row)
        return row

    def leak(self, words: str) -> str:
        chance = self.random.random()
        if chance < 0.02:
            return words.replace("A", "<i>A</i>", 1)
        if chance < 0.03:
            return words.replace(" ", "\u00a0", 1) + " \u200b"
        if chance < 0.04:
            return words + ", over 3 m<sup>2</sup>"
        if chance < 0.05:
            return (
                words.replace("A", '<em style="color: rgb(51, 51, 51);">A</em>', 1)
                + " <il>5 m</il>"
            )
        return words + ',\n"smart"' if chance < 0.06 else words

    def parent(self, indent: int, chance: float) -> int:
        """Add a parent without a number now and then; return the indent of what follows."""
        while self.wordy and self.random.random() < chance:
            self.row("", indent, "Other:")
            self.wordy -= 1
            indent += 1
        return indent

    def subheading(self, hs6: str) -> None:
        """Add a line, or a row of six digits with several: as many as are left for its kind."""
        indent = self.parent(1, 0.35)
        lines = 1
        if self.parted.pop():
            several = len(self.kinds) - self.parted.count(False)
            lines = -(-several // (self.parted.count(True) + 1))
            self.row(hs6, indent, f"Subheading {hs6}:")
            indent += 1
        twin = hs6[:2] in QUOTA_CHAPTERS and lines > 1
        for number in range(lines):
            words = f"Line {number}"
            if twin and number == 0:
                words = "Described in additional U.S. note 3 to this chapter and entered "
                words += "pursuant to its provisions"
            at = self.parent(indent, 0.2)
            if twin and number == 0:
                words = words.replace(" and entered", self.random.choice(("", " and entered")), 1)
            self.line(f"{hs6}{number + 10}", at, words, twin and number == 0)

    def line(self, hs8: str, indent: int, words: str, quota: bool) -> None:
        kind = self.kinds.pop()
        general = a_rate(self.random, self.general.pop())
        other = a_rate(self.random, self.other.pop())
        special, claims = ("", {}) if general.form == "Free" else self.special()
        listed = self.lists.pop()  # neighbours mostly stand on one list
        hooks = [listed] if listed else []
        reviewed = bool(self.reviewed and self.random.random() < 0.05)
        russia = bool(self.russian and self.random.random() < 0.1)
        self.reviewed -= reviewed
        self.russian -= russia
        china = ADDS["9903.91.01"] if reviewed else ADDS.get(listed, 0)
        notes = [self.note(hook, "general") for hook in hooks]
        notes += [self.note("9903.91.01", "general")] if reviewed else []
        notes += [self.note("9903.90.08", "other")] if russia else []
        if self.made.excluded < EXCLUDED and listed and self.random.random() < 0.05:
            notes.append(self.note("9903.88.69", "general"))
            self.made.excluded += 1
        truth = Truth(general, other, claims, quota, china, russia, own=True)
        hs = hs8 if kind == 8 else f"{hs8}00"
        rates = {"general": general.text, "special": special, "other": other.text}
        units = [] if kind == 8 else ["kg", "No."]
        row = self.row(hs, indent, words, **rates, units=units, footnotes=notes)
        self.made.truth[hs] = truth
        children = 0
        if kind == 8:
            children = self.statistical // (sum(each == 8 for each in self.kinds) + 1)
            self.children(hs, row, indent + 1, children)
        self.statistical -= children

    def children(self, hs8: str, row: dict[str, object], indent: int, count: int) -> None:
        """Add statistical lines; hooks stand on the parent, on a line too, or on lines alone."""
        truth = self.made.truth[hs8]
        notes = [note for note in row["footnotes"] if note["columns"] == ["general"]]
        chance = self.random.random() if notes else 1
        if chance < 0.05 and count > 1:
            row["footnotes"] = [note for note in row["footnotes"] if note not in notes]
            self.made.excluded -= sum("9903.88.69" in str(note["value"]) for note in notes)
        for number in range(count):
            on_line = notes if chance < 0.05 or (chance < 0.15 and number == 1) else []
            china = truth.china
            if 0.15 < chance < 0.18 and number == 0:
                on_line, china = [self.note("9903.91.01", "general")], ADDS["9903.91.01"]
            at = self.parent(indent, 0.05)
            hs = f"{hs8}{number + 10}"
            units = [self.random.choice(("No.", "<u>kg<\\/u>", "m<sup>2<\\/sup>"))]
            self.row(hs, at, f"Sort {number}", units=units, footnotes=on_line)
            self.made.excluded += sum("9903.88.69" in str(note["value"]) for note in on_line)
            self.made.truth[hs] = replace(truth, china=china, own=False)

    @staticmethod
    def note(heading: str, column: str) -> dict[str, object]:
        return {"columns": [column], "value": f"See {heading}. ", "type": "endnote"}

    def special(self) -> tuple[str, dict[str, Fraction | None]]:
        count = self.segments.pop()
        codes = [*FREE_TRADE, *self.random.sample(("A", "A+", "D", "E", "R", "B", "C", "K"), 3)]
        claims: dict[str, Fraction | None] = {}
        pieces = []
        for _ in range(count - 1):
            code = codes.pop(self.random.randrange(len(FREE_TRADE) - count))
            if self.random.random() < 0.8:
                rate, claims[code] = "See 9822.04.25", None
            else:
                made = a_rate(self.random, "percent")
                rate = made.text
                claims[code] = made.parts[0].amount if made.parts else None
            pieces.append(f"{rate}{self.random.choice((' ', ''))}({code})")
        claims |= dict.fromkeys(codes, a_rate(self.random, "Free").parts[0].amount)
        joint = self.random.choice((",", ", ", ",", " ,"))
        pieces.insert(0, f"Free ({joint.join(sorted(codes))})")
        return self.random.choice((" ", "")).join(pieces), claims

    def apart(self) -> None:
        """Add chapters 98 and 99, and the parents without a number that are left."""
        for number in range(self.wordy):
            self.row("", 0, f"Provision {number}:")
        printed = {"98": [348, 116, 28, 10, 1], "99": [879, 1_364, 2, 0, 376]}
        texts = (
            "",
            "Free",
            "No change",
            "The rate applicable in the absence of this heading",
            "5%",
        )
        for chapter, counts in printed.items():
            cells = [text for text, lines in zip(texts, counts, strict=True) for _ in range(lines)]
            cells += (
                ["The duty provided in the applicable subheading + 25%"]
                * (352 - 7)
                * (chapter == "99")
            )
            cells += ["3¢/kg"] * 3 * (chapter == "99")
            for number, text in enumerate(cells):
                hs = f"{chapter}{number // 100 + 40:02}{number % 100:02}00"
                tail = "00" if chapter == "98" and number < 119 else ""
                self.row(hs + tail, 0, "A provision", general=text)
        again = "The duty provided in the applicable subheading"
        for heading, percent in ADDS.items():
            text = f"{again} + {percent:g}%"
            self.row(heading.replace(".", ""), 0, "Articles of China", general=text)
        self.row("99038869", 0, "Articles of China", general=again)
        self.row("99039008", 0, "Products of the Russian Federation", other="35%")


def write(rows: list[dict[str, object]], path: Path, *, windows: bool = False) -> None:
    """Write rows as the export that the ending of the name says; `.gz` packs it.

    With `windows` a CSV begins with a byte-order mark and its lines end as on Windows.
    """
    if path.suffix == ".gz":
        plain = path.with_suffix("")
        write(rows, plain)
        path.write_bytes(gzip.compress(plain.read_bytes(), compresslevel=1))
    elif path.suffix == ".json":
        path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    elif path.suffix == ".csv":
        coding, end = ("utf-8-sig", "\r\n") if windows else ("utf-8", "\n")
        with path.open("w", encoding=coding, newline="") as file:
            file.write(",".join(HEADING) + end)
            csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator=end).writerows(_cells(rows))
    else:
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        sheet = book.create_sheet("HTS")
        sheet.append(HEADING)
        for cells in _cells(rows):
            sheet.append(cells)
        book.save(path)


def _cells(rows: list[dict[str, object]]) -> Iterator[list[str]]:
    for row in rows:
        units = json.dumps(row["units"], ensure_ascii=False) if row["units"] else ""
        yield [
            *(str(row[key]) for key in KEYS[:3]),
            units,
            *(str(row[key]) for key in KEYS[4:]),
            "",
            "",
        ]
