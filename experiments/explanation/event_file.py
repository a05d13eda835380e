"""Events of many runs as CSV, one row an event."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from agents.event import Event
from sim.errors import InputError

COLUMNS = (
    "replicate",
    "id",
    "time_h",
    "kind",
    "actor",
    "target",
    "place",
    "rung",
    "label",
    "cause",
    "values",
)


class EventFile:
    """An open file of events; ``values`` are written as a JSON object.

    Raises:
        InputError: if the file exists, or cannot be made.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("x", encoding="utf-8", newline="")
        except FileExistsError:
            raise InputError(f"{path} exists; it is never overwritten, name another file") from None
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error.strerror}") from None
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(COLUMNS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def write(self, replicate: int, events: Iterable[Event]) -> None:
        """Append the events of one run."""
        for event in events:
            values = json.dumps(dict(event.values), sort_keys=True) if event.values else ""
            self._writer.writerow(
                (
                    replicate,
                    event.id,
                    event.time,
                    event.kind,
                    event.actor,
                    event.target,
                    event.place,
                    event.rung,
                    event.label,
                    event.cause,
                    values,
                )
            )
