"""Draws one run: what was under way when, the timeline, the ladder, the graph, and each choice.

Drawings are plain descriptions of Plotly figures (``data`` and ``layout``), made from the ledger of
a run alone; the browser page shows them as they are, and a story is a page of them.
"""
