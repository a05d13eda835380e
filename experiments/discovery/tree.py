"""A shallow tree of the space: each leaf a region, judged by the runs that were held out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from experiments.discovery.boxes import Judged, Limit, inside, judge
from experiments.discovery.cases import Cases

DEPTH = 3
LEAF = 0.05
"""Share of the runs that a leaf holds at least."""
GAIN = 1e-4
"""Fall of impurity below which a branch is not split."""


@dataclass(frozen=True)
class Leaf:
    """A region at the end of a tree's branch."""

    limits: tuple[Limit, ...]
    judged: Judged


def grow(cases: Cases) -> list[Leaf]:
    """Return the leaves of a tree, the one with the greatest density first; one leaf if none helps.

    The tree is grown by scikit-learn on the fitted half of the points; labels are split one
    against the others.
    """
    from sklearn.tree import DecisionTreeClassifier  # noqa: PLC0415 (slow to import)

    columns = pd.get_dummies(cases.settings, prefix_sep="\0", dtype=float)
    tree = DecisionTreeClassifier(
        max_depth=DEPTH, min_samples_leaf=LEAF, min_impurity_decrease=GAIN, random_state=0
    )
    tree.fit(columns[cases.fitted], cases.case[cases.fitted])
    found = [
        _merged(path, cases) for path in _paths(tree.tree_, [str(name) for name in columns], 0, ())
    ]
    leaves = [Leaf(limits, judge(cases, inside(limits, cases.settings))) for limits in found]
    return sorted(leaves, key=lambda leaf: -_known(leaf))


def _known(leaf: Leaf) -> float:
    return leaf.judged.density.value if leaf.judged.runs else -1.0


type Step = tuple[str, bool, float]
"""A column, whether above the bound rather than at most, and the bound."""


def _paths(
    tree: Any, columns: list[str], node: int, path: tuple[Step, ...]
) -> list[tuple[Step, ...]]:
    """Return the splits that lead to every leaf."""
    if tree.children_left[node] == tree.children_right[node]:
        return [path]
    name, bound = columns[tree.feature[node]], float(tree.threshold[node])
    return [
        *_paths(tree, columns, tree.children_left[node], (*path, (name, False, bound))),
        *_paths(tree, columns, tree.children_right[node], (*path, (name, True, bound))),
    ]


def _merged(path: tuple[Step, ...], cases: Cases) -> tuple[Limit, ...]:
    """Return the splits of a branch as one limit a key."""
    settings = cases.settings
    limits = []
    for key in cases.keys:
        steps = [(name, above, bound) for name, above, bound in path if name.split("\0")[0] == key]
        if not steps:
            continue
        if isinstance(settings[key].dtype, pd.CategoricalDtype):
            limits.append(Limit(key, labels=_labels(key, steps, settings[key])))
            continue
        lows = [bound for _, above, bound in steps if above]
        highs = [bound for _, above, bound in steps if not above]
        low, high = max(lows, default=-np.inf), min(highs, default=np.inf)
        limits.append(_seen(key, settings[key], low, high))
    return tuple(limits)


def _seen(key: str, column: pd.Series, low: float, high: float) -> Limit:
    """Return bounds between values as the values that lie within them."""
    within = column[(column > low) & (column <= high)]
    least = float(within.min()) if np.isfinite(low) else None
    most = float(within.max()) if np.isfinite(high) else None
    return Limit(key, least, most)


def _labels(key: str, steps: list[Step], column: pd.Series) -> tuple[str, ...]:
    kept = [str(label) for label in column.cat.categories]
    for name, above, _ in steps:
        label = name.split("\0")[1]
        kept = [one for one in kept if (one == label) == above]
    return tuple(kept)
