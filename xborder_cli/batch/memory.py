"""Memory given back: blocks come and go, and what they took must not stay with the process."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

# of mallopt in glibc: sizes from which memory is mapped, and from which free memory is given back
M_TRIM_THRESHOLD: Final = -1
M_MMAP_THRESHOLD: Final = -3
LARGE: Final = 4 << 20
KEPT: Final = 16 << 20


def give_back() -> None:
    """Let large pieces of memory go back to the system as soon as they are free.

    Left alone, glibc keeps ever larger pieces and Arrow's own pools keep what they had at their
    highest: a reader of 8 MiB blocks then holds 250 MB. Elsewhere than in glibc nothing is done.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    import ctypes

    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    mallopt(M_MMAP_THRESHOLD, LARGE)
    mallopt(M_TRIM_THRESHOLD, KEPT)
