"""Where the tables that come with xb lie."""

from __future__ import annotations

from pathlib import Path


def bundled_folder() -> Path:
    """Return the folder of the bundled tables: inside the wheel, or beside the package."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "rates"
    return inside if inside.is_dir() else package.parent / "rates"
