"""Who pays a charge."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xborder_cli.core.program import Program
    from xborder_cli.core.step import Node


def payer(program: Program, node: Node) -> str:
    """Return who pays a charge: importer is the seller under DDP and the buyer under DAP."""
    charge, step = node.charge, program.steps[node.step]
    if charge.kind == "amount":
        return ""
    who = charge.payer
    if not who:
        who = "buyer" if charge.collected == "checkout" else "importer" if step.event else "seller"
        if step.event == "export":
            who = "seller"
    if who == "importer":
        return "seller" if program.context["incoterm"] == "DDP" else "buyer"
    return who
