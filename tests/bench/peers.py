"""The environment of the peers: made from ``requirements.txt``, apart from ours, which gets nothing of theirs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
INSTALL_LIMIT = 120.0


class InstallError(Exception):
    """Raised when the peers cannot be installed; the message says why."""


def install(environment: Path) -> None:
    """Make the environment, unless it is there and up to date.

    Raises:
        InstallError: it cannot be made, as where there is no package registry.
    """
    stamp = environment / "requirements.txt"
    wanted = REQUIREMENTS.read_text(encoding="utf-8")
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    _run([sys.executable, "-m", "venv", "--clear", environment])
    pip: list[str | Path] = [
        environment / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    _run([*pip, "--requirement", REQUIREMENTS])
    stamp.write_text(wanted, encoding="utf-8")


def versions(environment: Path) -> dict[str, str]:
    """Return the version of every package of an environment.

    Raises:
        InstallError: there is no such environment.
    """
    printed = _run([environment / "bin" / "python", "-m", "pip", "list", "--format", "json"])
    return {package["name"]: package["version"] for package in json.loads(printed)}


def _run(command: list[str | Path]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_LIMIT)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InstallError(f"{command[0]}: {error}") from error
    if done.returncode:
        raise InstallError(f"{' '.join(map(str, command))} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    return done.stdout
