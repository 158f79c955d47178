"""What a market's tables test: every limit, with the facts that its condition asks for beside it.

Read from the raw YAML, like everything of the oracle's side.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from tests import market_oracle
from tests.oracle_text import Limit, comparison

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST, TODAY = "2024-01-01", "2026-11-23"
DAY = re.compile(r"\b20\d\d-\d\d-\d\d\b")
FACTS = (
    "channel", "mode", "buyer", "scheme", "from", "option", "region", "transport", "incoterm", "to",
)  # fmt: skip
LINE_FACTS = ("hs", "origin", "trait", "claim")
GROUPS = ("line", "every", "some")
Mapping = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """A limit, where it stands, and what must be so for anybody to ask about it."""

    where: str
    name: str
    text: str
    facts: tuple[tuple[str, str], ...] = ()
    beside: tuple[tuple[str, str], ...] = ()  # other limits of the same condition

    @property
    def bound(self) -> Limit:
        found = comparison(self.text)
        assert found is not None, self.text
        return found[1]


@dataclass
class _Walk:
    """Facts gathered on the way down, limits found."""

    where: str
    facts: dict[str, str] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)
    found: list[Place] = field(default_factory=list)

    def enter(self, tests: Mapping) -> None:
        for name, value in tests.items():
            if name in GROUPS:
                self.enter(value)
            elif name in FACTS or name in LINE_FACTS:
                self.facts.setdefault(name, value if isinstance(value, str) else value[0])
            else:
                text = value if isinstance(value, str) else value[0]
                if isinstance(text, str) and comparison(text):
                    self.beside.setdefault(name, text)

    def look(self, tests: Mapping) -> None:
        for name, value in tests.items():
            if name in GROUPS:
                self.look(value)
            elif name == "any":
                for group in value:
                    inner = _Walk(self.where, dict(self.facts), dict(self.beside))
                    inner.enter(group)
                    inner.look(group)
                    self.found += inner.found
            else:
                texts = [value] if isinstance(value, str) else value
                for text in texts:
                    if isinstance(text, str) and comparison(text):
                        beside = {k: v for k, v in self.beside.items() if k != name}
                        self.found.append(
                            Place(self.where, name, text, _pairs(self.facts), _pairs(beside))
                        )


def _pairs(mapping: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(mapping.items())


def limits(market: str, day: str) -> Iterator[Place]:
    """Every limit of the conditions that are in force on a day."""
    entry = market_oracle.entry_on(market, day)
    yield from _of_charges(entry["charges"], "entry", _Walk(""))
    for regime in entry["regimes"]:
        yield from _of(regime, f"entry/{regime['id']}", _Walk(""))
        outer = _Walk("")
        outer.enter(regime.get("when", {}))
        yield from _of_charges(regime.get("charges", []), f"entry/{regime['id']}", outer)


def _of_charges(charges: list[Mapping], where: str, outer: _Walk) -> Iterator[Place]:
    for charge in charges:
        if charge.get("rate") == market_oracle.GAP:
            continue  # what nobody knows is worth nothing on either side of a limit
        yield from _of(charge, f"{where}/{charge['code']}", outer)


def _of(one: Mapping, where: str, outer: _Walk) -> Iterator[Place]:
    for key in ("when", "unless"):
        walk = _Walk(f"{where}/{key}", dict(outer.facts), dict(outer.beside))
        walk.enter(one.get("when", {}))
        walk.look(one.get(key, {}))
        yield from walk.found


@cache
def raw_text(market: str) -> str:
    """The words of a market's table and of its union's."""
    own = (market_oracle.RATES / "markets" / f"{market}.yaml").read_text(encoding="utf-8")
    own = "\n".join(line for line in own.splitlines() if not line.strip().startswith("#"))
    union = market_oracle.raw_market(market).get("extends", "")
    return own + (raw_text(union) if union else "")


@cache
def days(market: str) -> list[str]:
    """The days since 2024 on which something of a market's own begins or has ended, and today."""
    first = max(FIRST, market_oracle.raw_market(market).get("from", FIRST))
    turns = {text for _, text in _turning(market_oracle.raw_market(market))}
    for rows in re.findall(r"^\s+[\d*]\S*\s.*$", raw_text(market), re.MULTILINE):
        turns.update(DAY.findall(rows))
    return sorted({first, TODAY, *(day for day in turns if first <= day <= "2028-12-31")})


def _turning(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, one in value.items():
            if market_oracle.DAYS.fullmatch(str(key)):
                yield "dated", key
            if key in ("from", "until") and isinstance(one, str) and DAY.fullmatch(one):
                yield key, one
            yield from _turning(one)
    elif isinstance(value, list):
        for one in value:
            yield from _turning(one)


@cache
def said(market: str, name: str) -> tuple[str, ...]:
    """The values that a market's conditions name for a fact, such as its schemes."""
    found: dict[str, None] = {}
    for text in re.findall(rf"\b{name}: (\[[^\]]*\]|[\w.]+)", raw_text(market)):
        found.update(dict.fromkeys(re.findall(r"[\w.]+", text)))
    return tuple(found)


@cache
def currencies(market: str) -> tuple[str, ...]:
    """The currencies that a market's tables speak of."""
    text = raw_text(market)
    tariff = market_oracle.raw_market(market).get("tariff", market).lower()
    for path in sorted((market_oracle.RATES / "duties" / tariff).glob("*.yaml")):
        text += path.read_text(encoding="utf-8")
    known = market_oracle.currency_digits()
    codes = {code for code in re.findall(r"\b[A-Z]{3}\b", text) if code in known}
    return tuple(sorted(codes | {market_oracle.raw_market(market)["currency"], "USD", "EUR"}))


@cache
def destinations() -> tuple[str, ...]:
    """Every market that is no union."""
    every = sorted(path.stem for path in (market_oracle.RATES / "markets").glob("*.yaml"))
    unions = {market_oracle.raw_market(market).get("extends", "") for market in every}
    return tuple(market for market in every if market not in unions)
