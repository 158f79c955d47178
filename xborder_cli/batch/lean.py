"""What Arrow would load and a batch never needs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


def without_pandas() -> None:
    """Let Arrow find no pandas when it first looks for it, and remember that.

    The first array made of anything else than Arrow's own makes it look, and loading pandas takes
    a quarter of a second and 40 MB in every process. Whoever asks Arrow for a frame still gets one.
    """
    import pyarrow as pa

    if "pandas" in sys.modules:
        return
    hidden = _NoPandas()
    sys.meta_path.insert(0, hidden)
    try:
        pa.array([""])
    finally:
        sys.meta_path.remove(hidden)


class _NoPandas:
    """A finder that knows for sure that there is no pandas."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Say that there is none; leave all else to others."""
        if name == "pandas":
            raise ModuleNotFoundError("not needed", name=name)
        return None
