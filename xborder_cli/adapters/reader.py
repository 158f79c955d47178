"""Reads texts one by one and gathers every problem, with the place that the caller knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from xborder_cli import units
from xborder_cli.adapters.stated import flag_of
from xborder_cli.errors import Problem, Where

if TYPE_CHECKING:
    from xborder_cli.adapters.stated import Stated

T = TypeVar("T")
OF_ONE_KIND = ("value", "goods", "hs", "quantity", "units", "parts")


def at_flag(name: str) -> tuple[Where, str]:
    """Return the place of a field on the command line, and no words before the problem's own."""
    return Where(f"--{flag_of(name)}"), ""


def article(word: str) -> str:
    """Return a word with its article.

    >>> article("incoterm"), article("buyer")
    ('an incoterm', 'a buyer')
    """
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


Place = Callable[[str], tuple[Where, str]]


@dataclass(slots=True)
class Reader:
    """Reads fields one by one and gathers every problem."""

    place: Place = at_flag
    problems: list[Problem] = field(default_factory=list)

    def problem(self, name: str, code: str, what: str, fix: str = "") -> None:
        """Note one thing to fix at a field."""
        where, words = self.place(name)
        self.problems.append(Problem(code=code, where=where, what=words + what, fix=fix))

    def one_kind(self, stated: Stated) -> None:
        """Note what is said of a single kind of goods beside a list of items: whose would it be?"""
        for name in OF_ONE_KIND:
            if getattr(stated, name):
                what = "belongs to a single kind of goods, and items are listed too"
                fix = "state it inside the items, as in 'goods=toy, value=10EUR'"
                self.problem(name, "goods-twice", what, fix)

    def read(self, name: str, text: str, parse: Callable[[str], T], code: str = "") -> T | None:
        """Return the parsed text; None when it is blank or a problem was noted."""
        if not text:
            return None
        try:
            return parse(text)
        except units.Unreadable as error:
            known = error.code if error.code != "bad-value" else ""
            code = known or code or f"bad-{flag_of(name)}"
            self.problem(name, code, error.what, error.fix)
        return None

    def one_of(self, name: str, text: str, known: dict[str, str]) -> str:
        """Return the known word that a text means, "" when it is blank or unknown."""
        if not text or text in known:
            return known.get(text, "")
        found = known.get(text.upper()) or known.get(text.lower())
        if found is None:
            fix = f"write {', '.join(known)}"
            self.problem(
                name, f"bad-{flag_of(name)}", f'"{text}" is not {article(flag_of(name))}', fix
            )
        return found or ""
