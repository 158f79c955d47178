"""What an import is asked for, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xborder_cli.tariffs.line import LEFT

if TYPE_CHECKING:
    from pathlib import Path

    from xborder_cli.core.rule import Day
    from xborder_cli.tariffs.editions import Reading
    from xborder_cli.tariffs.kept import Revision
    from xborder_cli.tariffs.line import Unread
    from xborder_cli.tariffs.merge import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an import is asked for beside its files."""

    into: Path
    lower: tuple[Path, ...]  # folders of tables below
    today: Day
    revision: str = ""
    url: str = ""  # where the files can be had; blank: what their kind knows
    since: Day | None = None
    force: bool = False
    whole: bool = False  # a list of somebody's own is the whole tariff; official ones always are
    dry_run: bool = False


@dataclass(slots=True, kw_only=True)
class Brought:
    """What became of one reading."""

    reading: Reading
    revision: Revision
    again: bool = False  # the same files as before, and nothing that they change
    first: bool = False  # nothing was kept of this tariff before
    unread: list[Unread] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unused: set[str] = field(default_factory=set)  # programmes that no market looks up
    changes: list[Change] = field(default_factory=list)  # after which a code pays something else
    regrouped: int = 0  # rows that changed, after which every code pays what it did
    codes: set[str] = field(default_factory=set)  # of eight digits, that pay something else
    unchanged: int = 0
    lines: dict[str, int] = field(default_factory=dict)  # of each programme, as read
    tables: list[Path] = field(default_factory=list)  # written, or to be written

    @property
    def left_out(self) -> list[Unread]:
        """Return what might have been a duty and became no line, not even one in words."""
        return [one for one in self.unread if one.became == LEFT]
