"""Why an order that can be read has no answer in the tables."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xborder_cli.errors import XbError


def refusal_of(error: XbError) -> tuple[str, str]:
    """Return the commonest code of an error's problems and its words, and how many more."""
    problems = error.problems
    code, _ = Counter(problem.code for problem in problems).most_common(1)[0]
    first = next(problem for problem in problems if problem.code == code)
    more = f"; {len(problems) - 1} more excluded" if len(problems) > 1 else ""
    return code, f"{first.what}{more}"
