"""What the tables know by name, to judge words before anything is priced."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from xborder_cli.adapters.reader import Reader
    from xborder_cli.core.rule import Goods


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Countries with their names, goods with what is known of them, codes of currencies."""

    countries: Mapping[str, str]
    goods: Mapping[str, Goods]
    currencies: Collection[str]

    def judge_country(self, reader: Reader, field: str, code: str) -> None:
        """Note a problem when no table knows the country."""
        if not code or not self.countries or code in self.countries:
            return
        near = [c for c, name in self.countries.items() if name.upper() == code]
        words = {name.lower(): c for c, name in self.countries.items()}
        near = near or [words[w] for w in difflib.get_close_matches(code.lower(), words, 1, 0.8)]
        near = near or difflib.get_close_matches(code, self.countries, 3, 0.5)
        fix = " or ".join(f"{c} ({self.countries[c]})" for c in near)
        fix = f"did you mean {fix}?" if fix else "write the two letters of ISO 3166, such as DE"
        reader.problem(field, "unknown-country", f'"{code}" is not a country that xb knows', fix)

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
        near = difflib.get_close_matches(slug.lower(), self.goods, 3, 0.5)
        near = near or [s for s, one in self.goods.items() if slug.lower() in one.name.lower()]
        fix = f"did you mean {' or '.join(near[:3])}? " if near else ""
        fix += "`xb rates list goods` names all; --hs works without"
        reader.problem(field, "unknown-goods", f'no goods "{slug}" in the tables', fix)
