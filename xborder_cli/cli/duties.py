"""`xb duties`: official tariffs imported, and what of duty holds for a thing."""

from __future__ import annotations

import typer

from xborder_cli.cli import duties_history, duties_import, duties_show
from xborder_cli.cli.flags import GroupedCommand, PlainGroup

app = typer.Typer(
    cls=PlainGroup,
    help="Import official tariffs, and look up duty by HS code.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
for name, command, examples in (
    ("import", duties_import.bring_in, duties_import.EXAMPLES),
    ("show", duties_show.show, duties_show.EXAMPLES),
    ("history", duties_history.history, duties_history.EXAMPLES),
):
    app.command(name, cls=GroupedCommand, epilog=examples)(command)
