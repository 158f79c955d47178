"""Sources of a page, numbered as they are first named, and the marks that point to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.cli.render.rows import day

if TYPE_CHECKING:
    from xborder_cli.cli.render.paper import Paper
    from xborder_cli.core.rule import Provenance


class Sources:
    """Numbers sources by title and address."""

    def __init__(self, own: str) -> None:
        """Begin with none; figures of `own` need not say whose they are."""
        self._own = own
        self._numbers: dict[tuple[str, str], int] = {}
        self._checked: dict[tuple[str, str], set[int]] = {}

    def number(self, provenance: Provenance) -> str:
        """Return the number of a source in brackets."""
        key = (provenance.title, provenance.url)
        number = self._numbers.setdefault(key, len(self._numbers) + 1)
        if provenance.checked:
            self._checked.setdefault(key, set()).add(provenance.checked)
        return f"[{number}]"

    def mark(self, provenance: Provenance, owner: str = "") -> str:
        """Return whose a figure is where it is not the market's own, low confidence, its source."""
        whose = owner if owner and owner != self._own else ""
        low = "low" if provenance.confidence == "low" else ""
        return " ".join(part for part in (whose, low, self.number(provenance)) if part)

    def number_of(self, provenance: Provenance, _: str) -> str:
        """Return low confidence and the source, where the heading says whose a figure is."""
        return self.mark(provenance)

    def lines(self, paper: Paper) -> None:
        """Add the list of sources."""
        if not self._numbers:
            return
        last = [max(days) for days in self._checked.values()]
        usual = max(set(last), key=lambda one: (last.count(one), one), default=0)
        alone = all(days == {usual} for days in self._checked.values())
        told = f", checked {day(usual)}{'' if alone else ' where nothing else is said'}"
        paper.heading(f"Sources{told if usual else ''}")
        room = len(str(len(self._numbers)))
        for (title, url), number in self._numbers.items():
            days = sorted(self._checked.get((title, url), ()))
            checked = ""
            if days and days != [usual]:
                checked = f", checked {day(days[0])}"
                checked += f" to {day(days[-1])}" if len(days) > 1 else ""
            paper.words(f"[{number}] {title}{checked}", 2, hang=room + 3)
            if url:
                paper.lines.append(paper.style(f"{' ' * (room + 5)}{url}", "dim"))
