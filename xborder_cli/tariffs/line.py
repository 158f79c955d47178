"""What a reader of an official tariff file gives: rates by code, and what it could not read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xborder_cli.core.rule import Day

# what became of what was not read
LEFT: Final = "left out"
IN_WORDS: Final = "kept in words"
NOTED: Final = "taken, with a remark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A rate of one code in one programme: a row of a table of kind programme, and where it stood.

    `rate` is text in the grammar of tables: TERMS (`16.5 %`, `0.019 USD / kg + 8 %`,
    `4.5 % min 0.30 EUR / item`) or words in quotes (`"words: The rate applicable to ..."`): a rate
    that no pattern reads is kept in words and is a gap, never 0.
    """

    hs: str  # digits
    programme: str  # id in our tables: mfn, preference, column_2, us_301_cn, antidumping, ...
    rate: str
    printed: str  # as the file prints it, blanks put right
    row: int  # of the file, from 1
    origins: tuple[str, ...] = ()  # countries or unions; empty: any
    claim: str = ""  # what an importer must claim: preference, USMCA, ...
    since: Day | None = None  # when the file says so; else the day of its revision
    until: Day | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Something of a file that became no line, one in words, or one that asks for attention."""

    row: int
    hs: str
    text: str  # as printed
    why: str  # words, no-rate, quota-twin, season, unknown-code, ...
    became: str = LEFT
    count: int = 1  # rows of the file that it stands for


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """What all lines of one programme share in a table."""

    id: str
    name: str
    currency: str
    default: str = "zero"  # zero, gap: what a code without a row means


@dataclass(slots=True, kw_only=True)
class Tariff:
    """An official file, read."""

    tariff: str  # whose duties, as `tariff:` of a market: US, GB, EU
    kind: str  # usitc, uk, taric, csv
    title: str  # of the source
    url: str
    revision: str  # as the file or its name says; "" when nothing does
    day: Day | None  # first day of the revision, when the file says so
    programmes: tuple[Programme, ...]
    lines: list[Line] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    not_duties: list[Unread] = field(default_factory=list)  # by their kind, such as VAT: left
    rows: int = 0  # of the file, without its heading
    forms: dict[str, dict[str, int]] = field(default_factory=dict)  # column -> form -> how many
    notes: list[str] = field(default_factory=list)
    # what the program made of the codes of the file beside rates: descriptions by code
    words: dict[str, str] = field(default_factory=dict)
