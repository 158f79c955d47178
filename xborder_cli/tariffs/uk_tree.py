"""The tree of commodities: which lines stand below a heading in words that shares their code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE: Final = "80"  # the suffix of a line; headings in words have others


class Commodity(NamedTuple):
    """A row of the nomenclature; they sort as they are printed."""

    code: str
    suffix: str
    indent: int
    sid: str
    parent: str = ""  # sid of the row above; editions without it have indents


@dataclass(slots=True)
class Tree:
    """Commodities by the number (sid) that measures name beside their code."""

    rows: list[Commodity] = field(default_factory=list)
    _place: dict[str, int] = field(default_factory=dict)
    _under: dict[str, list[Commodity]] = field(default_factory=dict)

    def add(self, commodity: Commodity) -> None:
        """Take a commodity; those with equal codes are told apart by their suffix."""
        self.rows.append(commodity)
        self._place.clear()
        self._under.clear()

    def heading(self, sid: str) -> bool:
        """Tell whether a commodity is known to be a heading in words."""
        place = self._places().get(sid)
        return place is not None and self.rows[place].suffix != LINE

    def below(self, sid: str) -> list[str]:
        """Return the codes of the lines that stand first below a heading in words.

        >>> tree = Tree()
        >>> for row in [("0101210000", "10", 1, "1"), ("0101210000", "80", 2, "2"),
        ...             ("0101290000", "10", 2, "3"), ("0101291000", "80", 3, "4"),
        ...             ("0101300000", "80", 1, "5")]:
        ...     tree.add(Commodity(*row))
        >>> tree.below("1")
        ['0101210000', '0101291000']
        """
        place = self._places()[sid]
        if self._under:
            return list(dict.fromkeys(self._lines_under(sid, frozenset())))
        indent = self.rows[place].indent
        found: list[str] = []
        under = 0  # indent of a line whose own lines are skipped
        for row in self.rows[place + 1 :]:
            if row.indent <= indent:
                break
            if under and row.indent > under:
                continue
            under = 0
            if row.suffix == LINE:
                found.append(row.code)
                under = row.indent
        return found

    def _lines_under(self, sid: str, above: frozenset[str]) -> Iterator[str]:
        if sid in above:  # a file whose rows stand above each other: no line is under it
            return
        for row in self._under.get(sid, ()):
            if row.suffix == LINE:
                yield row.code
            else:
                yield from self._lines_under(row.sid, above | {sid})

    def _places(self) -> dict[str, int]:
        if not self._place:
            self.rows.sort()
            self._place = {row.sid: place for place, row in enumerate(self.rows)}
            for row in self.rows:
                if row.parent:
                    self._under.setdefault(row.parent, []).append(row)
        return self._place
