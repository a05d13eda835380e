"""Reads crisis files: shipped ones by name, others by path, with errors written for people.

A file is checked in two passes: its shape (keys, types, units, ranges) first, and once that is
right, how its parts fit together. Each pass reports everything it finds.
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.crisis import SCHEMA_VERSION, Crisis
from sim.crisis_checks import problems
from sim.crisis_messages import explain, shown, smuggled_sources
from sim.errors import InputError, nearest

MAX_BYTES = 1_048_576
MAX_PROBLEMS = 10
SUFFIX = ".toml"


class CrisisError(InputError):
    """A crisis file cannot be used; the message names file, key, value and what was expected."""


def shipped_crises() -> tuple[str, ...]:
    """Return the names of the crises that are shipped, in alphabetical order."""
    names = (entry.name for entry in _folder().iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)))


def load_crisis(name_or_path: str | Path) -> Crisis:
    """Return the shipped crisis of this name, or the one in the file at this path.

    A shipped name wins over a file of the same name in the working folder; write ``./name`` for
    the file. Raises CrisisError if there is no such crisis or anything in it is wrong.
    """
    content, told, name = _content(name_or_path)
    return _crisis(content, told, name)


def crisis_text(name_or_path: str | Path) -> str:
    """Return the text of a crisis file, found as `load_crisis` finds it.

    Raises CrisisError if there is no such crisis or it is no text.
    """
    content, told, _ = _content(name_or_path)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CrisisError(f"{told} is no text: {error}") from None


def _content(name_or_path: str | Path) -> tuple[bytes, str, str | None]:
    """Return a file's bytes, what to call it in messages, and the name of a shipped crisis."""
    if isinstance(name_or_path, str) and name_or_path in shipped_crises():
        file = f"{name_or_path}{SUFFIX}"
        return _folder().joinpath(file).read_bytes(), f"shipped {file}", name_or_path
    if isinstance(name_or_path, str) and not _looks_like_path(name_or_path):
        raise CrisisError(
            f"there is no shipped crisis {shown(name_or_path)}"
            f"{nearest(name_or_path, shipped_crises())}\n"
            f"shipped are: {', '.join(shipped_crises())}; "
            f"a file of your own is given by its path, ending in {SUFFIX}"
        )
    path = Path(name_or_path)
    return _read(path), _printable(path), None


def _folder() -> Traversable:
    return files("sim").joinpath("crises")


def _looks_like_path(text: str) -> bool:
    separators = {os.sep, os.altsep or os.sep}
    return text != "" and (
        text.endswith(SUFFIX) or any(sep in text for sep in separators) or Path(text).exists()
    )


def _printable(path: Path) -> str:
    text = str(path).encode("utf-8", "backslashreplace").decode()
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def _read(path: Path) -> bytes:
    """Return the bytes of a file, having looked at its kind and size before reading."""
    name = _printable(path)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise CrisisError(f"{name} is a directory; expected a crisis file")
        if not stat.S_ISREG(status.st_mode):
            raise CrisisError(f"{name} is not a regular file; expected a crisis file")
        if status.st_size > MAX_BYTES:
            raise CrisisError(
                f"{name} has {status.st_size:,} bytes; expected at most {MAX_BYTES:,}"
            )
        with path.open("rb") as file:
            return file.read(MAX_BYTES)
    except FileNotFoundError:
        raise CrisisError(f"{name}: there is no such file; expected a crisis file") from None
    except OSError as error:
        raise CrisisError(f"{name} cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        if isinstance(error, CrisisError):
            raise
        raise CrisisError(f"{name} cannot be read: {error}") from error


def _crisis(raw: bytes, file: str, shipped_as: str | None) -> Crisis:
    try:
        data = _parse(raw, file)
        return _validated(data, file, shipped_as)
    except RecursionError:
        raise CrisisError(f"{file} nests tables or lists too deeply") from None


def _parse(raw: bytes, file: str) -> dict[str, Any]:
    """Return what TOML the file holds; lists as tuples, as in the schema."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise CrisisError(
            f"{file} is not UTF-8 text: byte 0x{raw[error.start]:02x} in line {line}; "
            "save it as UTF-8"
        ) from None
    try:
        data = tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, and whole numbers of thousands of digits
        raise CrisisError(f"{file} is not valid TOML: {error}") from None
    if not data:
        raise CrisisError(f"{file} is empty; expected a crisis (schema_version, name, title, ...)")
    return {key: _tupled(value) for key, value in data.items()}


def _tupled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _tupled(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(_tupled(item) for item in value)
    return value


def _validated(data: Mapping[str, Any], file: str, shipped_as: str | None) -> Crisis:
    version = data.get("schema_version", SCHEMA_VERSION)
    if type(version) is not int or version != SCHEMA_VERSION:
        wrong = f"schema_version: {shown(version)} is not known; expected {SCHEMA_VERSION}"
        raise _refusal(file, [wrong])
    if smuggled := smuggled_sources(data):
        raise _refusal(file, smuggled)
    try:
        crisis = Crisis.model_validate(data, strict=True)
    except ValidationError as error:
        found = explain(error, data)
    else:
        found = [*_misnamed(crisis, shipped_as), *problems(crisis)]
        if not found:
            return crisis
    raise _refusal(file, found)


def _misnamed(crisis: Crisis, shipped_as: str | None) -> list[str]:
    if shipped_as is None or crisis.name == shipped_as:
        return []
    return [f"name: {crisis.name!r} in a file of another name; expected {shipped_as!r}"]


def _refusal(file: str, found: Sequence[str]) -> CrisisError:
    lines = [f"{file} cannot be used:", *(f"  {problem}" for problem in found[:MAX_PROBLEMS])]
    if len(found) > MAX_PROBLEMS:
        lines.append(f"  ... and {len(found) - MAX_PROBLEMS} more")
    return CrisisError("\n".join(lines))
