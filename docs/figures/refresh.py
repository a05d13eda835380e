"""Remakes every figure in the documents: .venv/bin/python -m docs.figures.refresh [NAME ...].

A figure stands between ``<!-- figure: NAME -->`` and ``<!-- end of figure -->`` in README.md or
docs/*.md; what is between the two is replaced. Without names all are remade, which takes ten
minutes or so on two cores. Seeds are fixed, so the same code gives the same figures.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import pandas as pd

from docs.figures import measures, off_ramp_by_deaths
from experiments import run_ensemble
from experiments.statistics import Interval, paired_share_difference, wilson

ROOT = Path(__file__).resolve().parents[2]
CASE = "january-2020"
RUNS = 1000
FEWER = 300
WORKERS = 2
BLOCK = re.compile(r"(<!-- figure: ([a-z-]+) -->\n).*?(<!-- end of figure -->)", re.DOTALL)
WAR = ("war", "regional_war")

Settings = Mapping[str, float]
type Cases = tuple[tuple[str, str, Settings], ...]


def ensemble(start: str, settings: Settings) -> pd.DataFrame:
    """Return one ensemble of the case, one row a run; remembered, as several figures share it."""
    return _ensemble(start, tuple(sorted(settings.items())))


@cache
def _ensemble(start: str, settings: tuple[tuple[str, float], ...]) -> pd.DataFrame:
    return run_ensemble(
        CASE, start=start, replicates=RUNS, settings=dict(settings), workers=WORKERS
    )


def share(frame: pd.DataFrame, *outcomes: str) -> Interval:
    """Return the share of runs that end so, with its Wilson interval."""
    return wilson(int(frame["outcome"].isin(outcomes).sum()), len(frame))


def percent(found: Interval) -> str:
    """Return a share with its interval, "85 % (83 to 87)"; near 0 and 1 with a decimal."""
    rough = any(0.0 < x < 1.0 and round(100.0 * x) in (0, 100) for x in found)
    share, low, high = (
        f"{100.0 * x:.1f}".removesuffix(".0") if rough else f"{100.0 * x:.0f}" for x in found
    )
    return f"{share} % ({low} to {high})"


def points(found: Interval) -> str:
    """Return a difference of shares in points: "+4.9 (+3.4 to +6.4)"."""
    return "{:+.1f} ({:+.1f} to {:+.1f})".format(*(100.0 * x for x in found))


def table(head: Sequence[str], rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    rule = ["---"] * len(head)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, rule, *rows))


def first_answer(frame: pd.DataFrame) -> str:
    """Return the commonest first answer with its share."""
    counts = frame["first_response"].value_counts()
    return f"{counts.index[0].replace('_', ' ')}, {100.0 * counts.iloc[0] / len(frame):.0f} %"


def ends(frame: pd.DataFrame) -> list[str]:
    """Return the cells of an ensemble: off-ramp, escalation, war, first answer."""
    how = [percent(share(frame, "off_ramp")), percent(share(frame, "escalation"))]
    return [*how, percent(share(frame, *WAR)), first_answer(frame)]


ENDS = ("off-ramp", "heavy strikes, no war", "war", "commonest first answer")


def headline() -> str:
    """How the crisis ends from its two moments, and with thirty dead."""
    cases: Cases = (
        ("the first strike, 3 January", "soleimani", {}),
        ("al-Asad, 8 January: nobody dies", "al-asad", {}),
        ("the same, thirty die", "al-asad", {"al-asad.deaths": 30.0}),
    )
    rows = [[name, *ends(ensemble(start, settings))] for name, start, settings in cases]
    return table(("the run is free from", *ENDS), rows)


def threat() -> str:
    """What the president's public threat does once thirty have died."""
    cases: tuple[tuple[str, Settings], ...] = (
        ("as it was: 52 sites, rung 8", {}),
        ("a threat of answering in kind, rung 7", {"us-threat.rung": 7.0}),
        ("no threat", {"us-threat.rung": 0.0}),
        ("no threat, and nobody dies", {"us-threat.rung": 0.0, "al-asad.deaths": 0.0}),
    )
    rows = [
        [name, *ends(ensemble("al-asad", {"al-asad.deaths": 30.0, **settings}))]
        for name, settings in cases
    ]
    return table(("thirty dead at al-Asad, and the threat of 4 January", *ENDS), rows)


def deaths() -> str:
    """The off-ramp by deaths at the base, as a table and as the picture beside it."""
    rows = []
    counts = []
    for dead in off_ramp_by_deaths.DEATHS:
        frame = ensemble("al-asad", {"al-asad.deaths": float(dead)})
        forced = wilson(int(frame["first_response"].isin(measures.FORCE).sum()), len(frame))
        rows.append([str(dead), percent(forced), *ends(frame)[:3]])
        ended = frame["outcome"]
        numbers = (ended == "off_ramp", ended == "escalation", ended.isin(WAR))
        counts.append((dead, len(frame), *(int(found.sum()) for found in numbers)))
    off_ramp_by_deaths.write(counts)
    return table(("deaths", "answered by force", *ENDS[:3]), rows)


def credibility() -> str:
    """What belief in threats does from the first strike on."""
    levels = [level / 10.0 for level in range(11)]
    frame = run_ensemble(
        CASE, replicates=FEWER, vary={"threat_credibility": levels}, workers=WORKERS
    )
    rows = []
    for level in levels:
        at = frame[frame["threat_credibility"] == level]
        shares = [
            f"{100.0 * share(at, *names).value:.1f}"
            for names in (("absorbed",), ("escalation",), WAR)
        ]
        answers = [
            f"{100.0 * (at['first_response'] == name).mean():.0f}"
            for name in ("calibrated", "proportional")
        ]
        made = f"{at['threats_made'].mean():.2f}"
        rows.append([f"{level:g}", percent(share(at, "off_ramp")), *shares, *answers, made])
    head = ("credibility", "off-ramp", "absorbed, %", "heavy strikes, %", "war, %",
            "calibrated answer, %", "proportional answer, %", "threats made")  # fmt: skip
    text = table(head, rows)
    pairs = ((0.0, 0.5), (0.5, 1.0), (0.0, 1.0))
    moves = (
        f"{points(paired(frame, 'threat_credibility', *pair))} from {pair[0]:g} to {pair[1]:g}"
        for pair in pairs
    )
    return f"{text}\nPaired change of the off-ramp, in points: {'; '.join(moves)}.\n"


def paired(frame: pd.DataFrame, key: str, base: float, other: float) -> Interval:
    """Return the paired change of the off-ramp's share between two levels of a key."""
    sides = [
        (frame[frame[key] == level].set_index("replicate")["outcome"] == "off_ramp").astype(float)
        for level in (base, other)
    ]
    return paired_share_difference(*sides)


def channels() -> str:
    """What all channels together are worth."""
    rows = []
    for start in ("soleimani", "al-asad"):
        frame = run_ensemble(
            CASE,
            start=start,
            replicates=RUNS,
            vary={"channel_willingness": [0, 1]},
            workers=WORKERS,
        )
        shut, open_ = (frame[frame["channel_willingness"] == level] for level in (0, 1))
        change = points(paired(frame, "channel_willingness", 0.0, 1.0))
        late = open_["messages_late"].sum() / max(
            1, open_["messages_late"].sum() + open_["messages_in_time"].sum()
        )
        rows.append(
            [
                f"`{start}`",
                percent(share(shut, "off_ramp")),
                percent(share(open_, "off_ramp")),
                change,
                f"{100.0 * late:.1f} %",
            ]
        )
    return table(
        (
            "from",
            "off-ramp, all channels shut",
            "channels as they are",
            "paired change, points",
            "messages that came after a launch",
        ),
        rows,
    )


def statements() -> str:
    """The ten statements, with what the model does now."""
    return table(("", "statement", "tests", "now"), measures.statements())


def judgements() -> str:
    """What becomes of the result if a constant set by judgement had been set otherwise."""
    rows = []
    for name, settings, swapped in measures.VARIANTS:
        with swapped():
            frames = [
                run_ensemble(CASE, start=start, replicates=FEWER, settings={**settings, **more})
                for start, more in measures.CASES
            ]
        rows.append(
            [
                name,
                *(percent(share(frame, "off_ramp")) for frame in frames),
                first_answer(frames[0]),
            ]
        )
    head = (
        "variant",
        "from the first strike",
        "al-Asad, none dead",
        "5 dead",
        "30 dead",
        "first answer from the first strike",
    )
    return table(head, rows)


def speed() -> str:
    """What `make bench` measures, in one line."""
    from experiments.bench.speed import measure  # noqa: PLC0415 (starts processes)

    found = measure(200)
    spread = found["ms_per_run"]
    return (
        f"{spread['median']:.1f} ms a run at the median ({spread['min']:.0f} to "
        f"{spread['max']:.0f}), {found['runs_per_s']:.0f} runs a second on one core, "
        f"{found['events_per_run']:.0f} events a run, {found['us_per_event']:.0f} µs an event, "
        f"{100.0 * found['share_set_up']:.0f} % of the time in set-up; the bare loop took "
        f"{found['bare_loop_ms']:.1f} ms.\n"
    )


def told_run() -> str:
    """A short ensemble, as the terminal shows it."""
    return measures.transcript("offramp run january-2020 --from al-asad --replicates 100", 23)


def told_what_if() -> str:
    """Two runs on the same luck."""
    return measures.transcript(
        "offramp explain january-2020 --replicate 2 --from al-asad --what-if al-asad.deaths=30", 40
    )


FIGURES: dict[str, Callable[[], str]] = {
    "headline": headline,
    "threat": threat,
    "deaths": deaths,
    "credibility": credibility,
    "channels": channels,
    "statements": statements,
    "judgements": judgements,
    "speed": speed,
    "told-run": told_run,
    "told-what-if": told_what_if,
}


def pages() -> Iterator[Path]:
    """Yield the documents that may hold figures."""
    yield ROOT / "README.md"
    yield from sorted((ROOT / "docs").glob("*.md"))


def put(name: str, text: str) -> None:
    """Put a figure wherever it stands; pages are read anew, as minutes may have passed."""
    for path in pages():
        old = path.read_text(encoding="utf-8")
        new = BLOCK.sub(lambda m: m[1] + text + m[3] if m[2] == name else m[0], old)
        if new != old:
            path.write_text(new, encoding="utf-8")


def main(names: Sequence[str]) -> None:
    """Remake the figures of these names, or all; each is written as soon as it is made."""
    for name, make in FIGURES.items():
        if not names or name in names:
            sys.stdout.write(f"{name}\n")
            sys.stdout.flush()
            put(name, make())


if __name__ == "__main__":
    main(sys.argv[1:])
