"""What the tables know by name, to judge words before anything is priced."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xborder_cli.core.claims import tested

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from xborder_cli.adapters.reader import Reader
    from xborder_cli.core.rule import Goods


ALIKE = 0.8  # of a name that may be another one misspelt
LIKELY = 0.6  # of a name, where a list of all would help less
LISTED = 20  # names that a message lists
HINTS = {  # for names too many and too unlike to list
    "claim": "`preference` claims the agreement of the goods' origin (--preference); "
    "`xb duties show` names what the rates of a code ask for",
}
LOOSE = ("platform",)  # where a sale was made is a fact, whether a table asks for it or not


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]+", "-", name.strip().lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Countries with their names, goods with what is known of them, codes of currencies.

    `known` lists what tables test or take: "scheme", "trait", "assume", ...; a kind that it lacks
    is not judged. `market` gives the rules of a country, or None.
    """

    countries: Mapping[str, str]
    goods: Mapping[str, Goods]
    currencies: Collection[str]
    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    market: Callable[[str], object] = lambda _: None
    seen: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def spelt(self, reader: Reader, field: str, kind: str, name: str) -> str:
        """Return a name as the tables spell it; "" when it is blank or a problem was noted."""
        if not name or kind not in self.known:
            return name
        if kind in LOOSE:
            folded = {_folded(one): one for one in self.known[kind]}
            found = folded.get(_folded(name))
            near = difflib.get_close_matches(_folded(name), folded, 3, ALIKE)
            if found is None and near:  # a slip would leave its fees out in silence
                words = " or ".join(folded[one] for one in near)
                what = f'no table has a {kind} "{name}"'
                reader.problem(field, f"unknown-{kind}", what, f"did you mean {words}?")
            return found or name
        return self._found(reader, field, kind, name, self.known[kind], "the tables")

    def spelt_region(self, reader: Reader, name: str, country: str) -> str:
        """Return a region as the market's tables spell it; as it is where they name none."""
        known = self._of_market("region", country) if name else ()
        if not known:
            return name
        return self._found(reader, "region", "region", name, known, f"the tables of {country}")

    def spelt_scheme(self, reader: Reader, name: str, country: str) -> str:
        """Return a scheme as the market's tables spell it; every market knows `none`."""
        if not name or self.market(country) is None:
            return self.spelt(reader, "scheme", "scheme", name)
        known = ("none", *self._of_market("scheme", country))
        return self._found(reader, "scheme", "scheme", name, known, f"the tables of {country}")

    def _of_market(self, kind: str, country: str) -> tuple[str, ...]:
        """Return the names of a kind that the rules of a market test."""
        key = (kind, country)
        if key not in self.seen:
            self.seen[key] = tuple(sorted(set(tested(kind, self.market(country)))))
        return self.seen[key]

    def _found(
        self,
        reader: Reader,
        field: str,
        kind: str,
        name: str,
        known: tuple[str, ...],
        where: str,
    ) -> str:
        if name in known:
            return name
        folded = {_folded(one): one for one in reversed(known)}
        if found := folded.get(_folded(name)):
            return found
        cutoff = ALIKE if kind in HINTS else LIKELY
        near = [folded[one] for one in difflib.get_close_matches(_folded(name), folded, 3, cutoff)]
        if near:
            fix = f"did you mean {' or '.join(near)}?"
        elif not known:
            fix = "no table asks for any; leave it out"
        elif kind in HINTS:
            fix = HINTS[kind]
        else:
            more = f" and {len(known) - LISTED} more" if len(known) > LISTED else ""
            fix = f"known are {', '.join(known[:LISTED])}{more}"
        word = "charge" if kind in ("assume", "set") else kind
        what = f'no {word} "{name}" in {where}'
        if kind == "assume":
            what = f'no unknown charge "{name}" in {where}'
        reader.problem(field, f"unknown-{kind}", what, fix)
        return ""

    def country(self, text: str) -> str:
        """Return the code of a country that is written by a name; else the text in capitals."""
        code = text.strip().upper()
        if not code or code in self.countries:
            return code
        folded = text.strip().casefold()
        found = [one for one, name in self.countries.items() if name.casefold() == folded]
        for pair in self.known.get("country", ()):
            name, _, one = pair.rpartition("=")
            if name.casefold() == folded:
                found.append(one)
        return found[0] if len(set(found)) == 1 else code

    def judge_country(self, reader: Reader, field: str, code: str) -> None:
        """Note a problem when no table knows the country."""
        if not code or not self.countries or code in self.countries:
            return
        if members := self._members(code):
            fix = f"it is a union: name the country, such as {' or '.join(members[:3])}"
            reader.problem(field, "unknown-country", f'"{code}" is not a country', fix)
            return
        near = [c for c, name in self.countries.items() if name.upper() == code]
        words = {name.lower(): c for c, name in self.countries.items()}
        near = near or [words[w] for w in difflib.get_close_matches(code.lower(), words, 1, 0.8)]
        near = near or difflib.get_close_matches(code, self.countries, 3, 0.5)
        fix = " or ".join(f"{c} ({self.countries[c]})" for c in near)
        fix = f"did you mean {fix}?" if fix else "write the two letters of ISO 3166, such as DE"
        reader.problem(field, "unknown-country", f'"{code}" is not a country that xb knows', fix)

    def _members(self, union: str) -> list[str]:
        """Return the countries, with their names, that charge by the tariff of a union."""
        return [
            f"{code} ({name})"
            for code, name in self.countries.items()
            if getattr(self.market(code), "tariff", "") == union
        ]

    def judge_currency(self, reader: Reader, field: str, code: str) -> None:
        """Note a problem when no table knows the currency."""
        if not self.currencies or code in self.currencies:
            return
        near = difflib.get_close_matches(code, list(self.currencies), 3, 0.6)
        fix = f"did you mean {' or '.join(near)}?" if near else "write its three letters"
        reader.problem(field, "unknown-currency", f'"{code}" is not a currency that xb knows', fix)

    def weighs(self, slug: str) -> bool:
        """Tell whether the catalogue knows what a piece weighs."""
        found = self.goods.get(slug) if slug else None
        return found is not None and found.weight_mg > 0

    def judge_goods(self, reader: Reader, field: str, slug: str) -> None:
        """Note a problem when the catalogue has no such goods."""
        if slug in self.goods:
            return
        # what `xb goods search` takes for likely; only a mistake pays for loading it
        from xborder_cli.goods.find import near

        likely = near(self.goods, slug)
        fix = f"did you mean {' or '.join(likely)}? " if likely else ""
        fix += "`xb rates list goods` names all; --hs works without"
        reader.problem(field, "unknown-goods", f'no goods "{slug}" in the tables', fix)
