"""What discovery found, in plain words made from its numbers."""

from __future__ import annotations

from experiments.discovery.boxes import Box, Judged, Limit, gain, inside, overall
from experiments.discovery.cases import Cases
from experiments.discovery.tree import Leaf
from experiments.discovery.worst import UNSHIPPED, Worst
from experiments.words import listed, percent, percent_interval, several


def about_box(cases: Cases, box: Box | None) -> str:
    """Return where the cases gather, or that they gather nowhere."""
    whole, happened = overall(cases), cases.happened
    if not cases.case.any():
        return f"Of {several(len(cases.case), 'run')}, none {happened}: there is nothing to find."
    if cases.case.all():
        return f"All {several(len(cases.case), 'run')} {happened}: there is nothing to find."
    if box is None:
        return (
            f"No region was found in which runs that {happened} gather: what was found in one half "
            f"of the points did not hold up in the other, where {_share(whole)} of all did."
        )
    judged = box.judged
    there, all_over = judged.density.value, whole.density.value
    digits = int(percent(there) == percent(all_over))
    return (
        f"Runs that {happened} gather where {where(box.limits)}: {percent(there, digits)} "
        f"({percent_interval(judged.density)}) of the runs there, against "
        f"{percent(all_over, digits)} of all. The region holds "
        f"{percent(judged.coverage)} of them (its coverage) in {percent(judged.mass)} of the runs. "
        "These are the figures of the points that it was not found from."
    )


def where(limits: tuple[Limit, ...]) -> str:
    """Return the limits of a region in words."""
    return listed([str(limit) for limit in limits]) if limits else "anything goes"


def about_leaf(leaf: Leaf) -> str:
    """Return what a leaf of the tree holds."""
    if leaf.judged.runs == 0:
        return f"Where {where(leaf.limits)}: no run was held out to judge by."
    return (
        f"Where {where(leaf.limits)}: {_share(leaf.judged)} of {several(leaf.judged.runs, 'run')}."
    )


def about_tree(cases: Cases, leaves: list[Leaf]) -> str:
    """Return what the tree says in short."""
    if len(leaves) == 1:
        return "No split of any key tells the runs apart."
    first, last = leaves[0], leaves[-1]
    if first.judged.runs == 0 or last.judged.runs == 0:
        return "There are too few runs to judge the tree by."
    settings = cases.settings
    apart = gain(cases, inside(first.limits, settings), inside(last.limits, settings)).low > 0.0
    told = (
        f"Of all leaves, runs that {cases.happened} are the most frequent where "
        f"{where(first.limits)} ({_share(first.judged)}), the rarest where {where(last.limits)} "
        f"({_share(last.judged)})."
    )
    return told if apart else f"{told} Chance alone can give as much."


def _share(judged: Judged) -> str:
    return f"{percent(judged.density.value)} ({percent_interval(judged.density)})"


def about_commands(worst: list[Worst]) -> str:
    """Return what to know of the commands, "" if nothing."""
    if any(UNSHIPPED in run.command for run in worst):
        return (
            f"{UNSHIPPED} stands for the crisis file of the sweep, whose text is in the manifest "
            "(crisis_text)."
        )
    return ""


def how_many(cases: Cases) -> str:
    """Return how many runs are cases."""
    found = int(cases.case.sum())
    return f"{found:,} of them ({percent(found / len(cases.case))}) {cases.happened}"
