"""How long a whole `xb quote` takes, as a ratio to importing what any such program imports."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

QUOTE = (
    "quote --from CN --to US --weight 0.46kg --size 25x20x8cm --value 25USD --goods t-shirt-cotton"
)


def measure_start(times: int = 9) -> tuple[float, float]:
    """Return median seconds of `import typer, rich.table` and of a warm `xb quote`, by turns."""
    environment = {
        key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"
    }
    bare = [sys.executable, "-c", "import typer, rich.table"]
    quote = [sys.executable, "-m", "xborder_cli", *QUOTE.split()]
    for command in (bare, quote):
        _seconds(command, environment)
    pairs = [(_seconds(bare, environment), _seconds(quote, environment)) for _ in range(times)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def _seconds(command: list[str], environment: dict[str, str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begin
