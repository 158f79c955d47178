"""What all tests share: `--update`, a cache of tables of their own, no settings of the machine."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="record what commands print in tests/cli/*/"
    )


@pytest.fixture(autouse=True, scope="session")
def plain_surroundings(tmp_path_factory: pytest.TempPathFactory):
    """Tests read no settings of the machine and leave no cache on it."""
    kept = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("XB_")] + ["NO_COLOR"]:
        os.environ.pop(name, None)
    os.environ["XB_CONFIG"] = ""
    os.environ["XB_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    os.environ["COLUMNS"] = "80"
    os.environ["TERM"] = "xterm"
    yield
    os.environ.clear()
    os.environ.update(kept)


@pytest.fixture(scope="session")
def xb():
    """The program, run inside the test process: `xb(ARGUMENTS, stdin=..., folder=...)`."""
    name = "xb_session"
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module.run
