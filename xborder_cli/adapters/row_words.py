"""Words about rows that cannot be read at all: what is wrong, and what to do."""

from __future__ import annotations

from json import JSONDecodeError
from typing import Final

NO_OBJECT: Final = "not a JSON object"
JSON_WORDS: Final = {  # how the json module begins -> what that is to somebody who writes files
    "Expecting value": "a value is missing or has no quotes",
    "Expecting property name": "a name in double quotes is missing",
    "Illegal trailing comma": "a comma stands before the end",
    "Expecting ',' delimiter": "a comma or the end of the object is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Extra data": "more follows the object; write one a line",
    "Invalid control character": "a control character inside a text; escape it, as \\n",
    "Invalid \\": "a backslash that escapes nothing; write two",
    "Unterminated string": "a text has no closing quote",
}


def too_many_cells(cells: int, columns: int, delimiter: str) -> str:
    """Say that a row is wider than its heading.

    >>> too_many_cells(5, 4, ",")
    '5 cells under 4 columns; a cell that holds "," needs quotes'
    """
    return f'{cells} cells under {columns} columns; a cell that holds "{delimiter}" needs quotes'


def no_object(error: ValueError | None = None) -> str:
    """Say why a line is no JSON object; None: it is JSON, but of another kind."""
    if not isinstance(error, JSONDecodeError):
        return f"{NO_OBJECT}; write one a line, in braces"
    words = next((w for begin, w in JSON_WORDS.items() if error.msg.startswith(begin)), error.msg)
    return f"{NO_OBJECT}: at column {error.colno} {words}"


def an_object(name: str, *, items: bool = False) -> str:
    """Say that a cell holds what no cell can; one of item lines may hold a list."""
    return f'"{name}" is an object; write {"a list of items" if items else "one text or number"}'
