"""What an import refuses lest rates are lost: files without rates, and parts of a tariff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xborder_cli.errors import OrderError, Problem, UsageError, Where
from xborder_cli.tariffs.editions import OFFICIAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.tariffs.editions import Reading
    from xborder_cli.tariffs.merge import Change

_MOST: Final = (1, 2)  # of what ran; more is taken for a part of a tariff
_FEW: Final = 2  # of fewer rates than these any may end


def refuse_without_rates(reading: Reading) -> None:
    """Refuse a list of somebody's own of whose rates not one is read, whatever is forced.

    Raises:
        OrderError: there is none.
    """
    tariff = reading.tariff
    if tariff.kind in OFFICIAL or any(not line.rate.startswith('"') for line in tariff.lines):
        return
    first = tariff.unread[0].text if tariff.unread else ""
    what = f"not one of its {tariff.rows} rows has a rate that is read" if tariff.rows else (
        "has a heading and no rows"
    )  # fmt: skip
    if first:
        what = f"{what}; the first is {first}"
    where = Where(reading.files[0].name if reading.files else "FILE")
    fix = "write rows with rates like 12.5 % or Free under hs and rate, and import it again"
    raise OrderError(Problem(code="no-rates", where=where, what=what, fix=fix))


def refuse_part(told: Sequence[Change], ran: int, programme: str, reading: Reading) -> None:
    """Refuse a newer edition without which more than half of the rates would end.

    Args:
        told: changes after which a code pays something else; rows that only move to other codes
            are none.
        ran: rates that held before it.
        programme: id.
        reading: the edition.

    Raises:
        UsageError: too much is missing.
    """
    removed = sum(change.kind == "removed" for change in told)
    if ran < _FEW or removed <= ran * _MOST[0] // _MOST[1]:
        return
    what = f"{removed} of {ran} rates of {programme} are not in it: is it a part of the tariff?"
    fix = "import the whole tariff in one command; --force ends those rates"
    where = Where(reading.files[0].name if reading.files else "FILE")
    raise UsageError(Problem(code="much-missing", where=where, what=what, fix=fix))
