"""What an import looks at, read back in part: every fault of the whole, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from xborder_cli.errors import TableError
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.checks import check_tables, faults_of
from xborder_cli.tables.load import load_tables, load_text
from xborder_cli.tariffs.read_back import KINDS

BAD = Path(__file__).parent.parent / "bad_tables"


@pytest.mark.parametrize("path", sorted(BAD.glob("*.yaml")), ids=lambda path: path.stem)
def test_faults_are_what_is_no_warning(path: Path) -> None:
    try:
        tables = load_text(path.read_text(encoding="utf-8"), path.name)
    except TableError:
        return  # the loader refuses it
    problems = [problem for problem in check_tables(tables) if not problem.warning]
    assert list(faults_of(tables)) == problems


def test_programmes_of_some_kinds_are_those_of_all() -> None:
    whole, part = (load_tables([bundled_folder()], kinds) for kinds in ((), KINDS))
    assert part.programmes == whole.programmes
    assert part.markets == whole.markets
    assert (part.unions, part.countries, part.digest) == (
        whole.unions,
        whole.countries,
        whole.digest,
    )
    assert whole.cards
    assert not part.cards


def test_a_fault_in_a_table_of_another_kind_is_not_looked_for(tmp_path: Path) -> None:
    (tmp_path / "card.yaml").write_text("kind: rate_card\nid: x\n")
    with pytest.raises(TableError):
        load_tables([tmp_path])
    assert load_tables([tmp_path], KINDS).programmes == {}
