"""The page of a comparison: what happens, how it goes over time, what differs and by how much."""

from __future__ import annotations

from collections.abc import Iterator

from experiments.comparison import plots, plots_over_time, sentences
from experiments.comparison.differences import difference
from experiments.comparison.groups import Comparison
from experiments.comparison.sources import Source, manifest_differences
from experiments.pages.layout import Card, Page, Section, Table
from experiments.storage.reading import setting_columns
from experiments.words import listed, percent, several, shown_value, signed

METHOD = (
    "Shares carry Wilson's 95 % interval; runs at several settings that share their luck count as "
    "one. Runs pair where crisis, start, seed and replicate are the same: such runs share every "
    "draw of luck that they have in common, so their difference shows the setting rather than the "
    "luck. Paired differences carry bootstrap intervals (Efron 1987), those of shares with fewer "
    "than ten changed pairs Agresti and Min's (2005). A run that ended in quiet counts to the last "
    "as one without war, and one that ended in war as one that never became quiet. Effect sizes "
    "are Cohen's (1988): below 0.2 negligible, below 0.5 small, below 0.8 medium. Each interval "
    "stands for one comparison: of twenty that show nothing but chance, about one excludes zero."
)
UNPAIRED = (
    "These runs do not pair: no crisis, start, seed and replicate is on both sides. Use the same "
    "seed and start to compare with less noise."
)
MOST_LISTED = 40
"""Rows of the table of differences at most; the rest is in the plots."""


def page_of(comparison: Comparison) -> Page:
    """Return the page of a comparison."""
    meaning = f"{comparison.by} is: {comparison.meaning}." if comparison.meaning else ""
    return Page(title_of(comparison), meaning, list(_sections(comparison)), METHOD)


def title_of(comparison: Comparison) -> str:
    """Return what is compared, in a line."""
    subject = listed(list(dict.fromkeys(_subject(source) for source in comparison.sources)))
    if comparison.by is not None:
        return f"{subject}: what changes with {comparison.by}"
    if len(comparison.sources) == 1:
        return f"{subject}: {comparison.sources[0].label}"
    return f"{subject}: {several(len(comparison.sources), 'file')} side by side"


def _subject(source: Source) -> str:
    """Return the title of a file's crisis, or its name where no manifest tells it."""
    content = source.told.get("crisis_content", {})
    return str(content.get("title") or source.frame["crisis"].iloc[0])


def _sections(comparison: Comparison) -> Iterator[Section]:
    yield Section(
        warnings=(*sentences.warnings(comparison), *comparison.notes), table=_files(comparison)
    )
    yield Section("What happens", cards=list(_distributions(comparison)))
    yield Section("How it goes over time", cards=list(_over_time(comparison)))
    if any(contrast.paired for contrast in comparison.contrasts):
        yield Section("The same luck, another setting", cards=_differences(comparison), columns=2)
    elif comparison.contrasts:
        yield Section("What differs", warnings=[UNPAIRED])
    if comparison.contrasts:
        yield Section(
            "Every difference in figures",
            text=["Shares are in percentage points, times in their unit."],
            table=_figures(comparison),
        )
    if len(comparison.sources) > 1:
        yield _provenance(comparison)


def _rows(comparison: Comparison) -> str:
    """Return what the rows of a plot are, "" where their labels say it."""
    if not comparison.levels:
        return ""
    files = ", file by file" if len(comparison.series) > 1 else ""
    return f" Each row is a level of {plots.axis_title(comparison)}{files}."


def _distributions(comparison: Comparison) -> Iterator[Card]:
    rows = _rows(comparison)
    yield Card(
        "outcomes",
        "How the runs end",
        "Share of runs by outcome, with 95 % intervals.",
        plots.outcome_plot(comparison),
        sentences.about_outcomes(comparison),
    )
    yield Card(
        "deaths",
        "How many die",
        "Per cent of runs by their number of deaths, soldiers and civilians of all sides, those of "
        f"the starting strike included.{rows}",
        plots.deaths_plot(comparison),
        sentences.about_metric(comparison, plots.DEATHS_METRIC),
    )
    yield Card(
        "peaks",
        "How high it goes",
        f"Per cent of runs by the highest rung of what followed the starting strike.{rows}",
        plots.peak_plot(comparison),
        sentences.about_metric(comparison, plots.SEVERE),
    )
    for metric in comparison.metrics:
        if not metric.share and metric is not plots.DEATHS_METRIC:
            yield Card(
                f"spread-{metric.name}",
                metric.title[:1].upper() + metric.title[1:],
                "Circles are medians, diamonds means; half of the runs lie in the dark part, nine "
                "in ten in the light one.",
                plots.quantile_plot(comparison, metric),
                sentences.about_metric(comparison, metric),
            )


def _over_time(comparison: Comparison) -> Iterator[Card]:
    shown = plots_over_time.shown_over_time(comparison)
    some = "" if len(shown) == len(comparison.groups) else f" {len(shown)} levels are drawn."
    yield Card(
        "time-to-war",
        "How long the peace holds",
        f"Share of runs without war, with 95 % intervals.{some}",
        plots_over_time.survival_plot(comparison, "war"),
        sentences.about_wars(comparison),
    )
    yield Card(
        "time-to-quiet",
        "How long it takes to become quiet",
        f"Share of runs that are not yet quiet for good, with 95 % intervals.{some}",
        plots_over_time.survival_plot(comparison, "quiet"),
        sentences.about_quiet(comparison),
    )
    yield Card(
        "ladder",
        "Where on the ladder crises stand",
        "Share of runs by the rung of their latest act, until they are quiet for good.",
        plots_over_time.occupancy_plot(comparison),
        sentences.about_occupancy(comparison),
    )


def _differences(comparison: Comparison) -> list[Card]:
    rows = _rows(comparison)
    return [
        Card(
            f"difference-{metric.name}",
            metric.title[:1].upper() + metric.title[1:],
            f"Intervals that cross the line at zero are what chance alone can give.{rows}",
            plots.difference_plot(comparison, metric),
            sentences.about_pairs(comparison, metric),
        )
        for metric in comparison.metrics
    ]


def _figures(comparison: Comparison) -> Table:
    """Return the table of differences: intervals, effect sizes, and what pairing saved."""
    heads = ("Metric", "Compared", "Difference", "95 % interval", "Pairs", "Changed", "Effect",
             "Variance saved")  # fmt: skip
    rows = []
    for metric in comparison.metrics:
        for contrast in comparison.contrasts:
            found = difference(contrast, metric)
            low, high = (sentences.amount(metric, end) for end in found.interval[1:])
            rows.append(
                (
                    metric.title,
                    f"{contrast.other.name} less {contrast.base.name}",
                    sentences.amount(metric, found.interval.value),
                    f"{low} to {high}",
                    f"{found.pairs:,}" if found.paired else "none",
                    percent(found.changed) if found.paired else "",
                    f"{signed(found.effect, f'{abs(found.effect):.2f}')}, {found.effect_word}",
                    percent(found.saved) if found.paired else "",
                )
            )
    return Table(heads, rows[:MOST_LISTED])


def _files(comparison: Comparison) -> Table:
    heads = ("File", "Crisis", "Start", "Seed", "Runs", "Settings")
    return Table(heads, [_file_row(source) for source in comparison.sources])


def _file_row(source: Source) -> list[str]:
    frame = source.frame
    told = [listed([str(v) for v in frame[c].unique()]) for c in ("crisis", "start", "seed")]
    return [source.path.name, *told, f"{len(frame):,}", _settings(source)]


def _settings(source: Source) -> str:
    told = []
    for column in setting_columns(source.frame):
        values = source.frame[column]
        if column not in source.varied:
            told.append(f"{column} = {shown_value(values.iloc[0])}")
        elif values.map(lambda value: isinstance(value, str)).any():
            told.append(f"{column}: {listed([str(value) for value in values.unique()])}")
        else:
            count = several(values.nunique(), "level")
            told.append(f"{column} from {values.min():g} to {values.max():g} in {count}")
    return "; ".join(told) or "all at their defaults"


def _provenance(comparison: Comparison) -> Section:
    """Return what differs between the manifests of the files."""
    rows = manifest_differences(comparison.sources)
    if not rows:
        return Section("How the files were made", text=["Their manifests say the same."])
    heads = ("In the manifest", *(source.label for source in comparison.sources))
    return Section("How the files were made", table=Table(heads, rows))
