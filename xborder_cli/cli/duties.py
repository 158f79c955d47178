"""`xb duties`: official tariffs imported, and what of duty holds for a thing."""

from __future__ import annotations

from xborder_cli.cli import duties_history, duties_import, duties_show
from xborder_cli.cli.flags import GroupedCommand, command_group

app = command_group("Import official tariffs, and look up duty by HS code.")
for name, command, examples in (
    ("import", duties_import.bring_in, duties_import.EXAMPLES),
    ("show", duties_show.show, duties_show.EXAMPLES),
    ("history", duties_history.history, duties_history.EXAMPLES),
):
    app.command(name, cls=GroupedCommand, epilog=examples)(command)
