"""Start the program: `xb`, or `python -m xborder_cli`."""

from __future__ import annotations

import gc
import signal
import sys


def main() -> None:
    """Run the command line and leave with its exit status."""
    if hasattr(signal, "SIGPIPE"):  # `| head` ends us quietly, as it ends cat
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    # a quote makes many small values and throws none away: looking for garbage costs a third more
    gc.set_threshold(100_000, 20, 50)
    from xborder_cli.cli.app import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
