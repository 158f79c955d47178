"""Eight bytes that stand for a text, the same in every process and on every machine."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from xborder_cli.batch.cells import text_parts

if TYPE_CHECKING:
    import pyarrow as pa

Fingerprints = npt.NDArray[np.uint64]

WORD: Final = 8  # bytes mixed at a time
LONG: Final = 64  # bytes; longer texts are digested one by one
_ODD: Final = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xBF58476D1CE4E5B9),
    np.uint64(0x94D049BB133111EB),
)
_MASKS: Final = np.array([(1 << (8 * size)) - 1 for size in range(WORD + 1)], np.uint64)


def fingerprints(texts: pa.Array) -> Fingerprints:
    """Return the fingerprint of each text; that of null is as of "".

    Texts of up to 8 bytes never share one; of longer ones, 10 million have a chance of one in
    300 thousand that any two do.

    Args:
        texts: n strings.

    Returns:
        Shape (n,), uint64.
    """
    begin, codes = text_parts(texts)
    size = begin[1:] - begin[:-1]
    found = np.zeros(size.size, np.uint64)
    if not size.size or not codes.size:
        return found
    words = words_of(codes)
    longest = min(int(size.max()), LONG)
    for at in range(0, longest, WORD):
        rows: npt.NDArray[np.intp] | slice = slice(None)
        if at:
            rows = np.flatnonzero(size > at)
        word = words[begin[:-1][rows] + at]
        word = word & _MASKS[np.minimum(size[rows] - at, WORD)]
        found[rows] = mixed(found[rows] ^ word) if at else mixed(word)
    for row in np.flatnonzero(size > LONG).tolist():
        text = codes[int(begin[row]) : int(begin[row + 1])].tobytes()
        found[row] = int.from_bytes(hashlib.blake2b(text, digest_size=WORD).digest(), "little")
    return found


def words_of(codes: npt.NDArray[np.uint8]) -> Fingerprints:
    """Return the word that begins at each byte of a text, and at its end; zeros follow."""
    padded = np.concatenate([codes, np.zeros(WORD, np.uint8)])
    return np.lib.stride_tricks.as_strided(
        padded[:WORD].view(np.uint64), (codes.size + 1,), (1,), writeable=False
    )


def mixed(word: Fingerprints) -> Fingerprints:
    """Return words whose every bit hangs on every bit; different words stay different."""
    word = word + _ODD[0]
    word = (word ^ (word >> np.uint64(30))) * _ODD[1]
    word = (word ^ (word >> np.uint64(27))) * _ODD[2]
    found: Fingerprints = word ^ (word >> np.uint64(31))
    return found


def found_in(known: Fingerprints, asked: Fingerprints) -> npt.NDArray[np.intp]:
    """Return where each of some fingerprints stands among sorted ones, -1 where it does not."""
    if not known.size:
        return np.full(asked.size, -1, np.intp)
    at = np.searchsorted(known, asked)
    at[at == known.size] = 0
    at[known[at] != asked] = -1
    return at
