"""Compares saved results: groups of runs, what differs between them, in plots and in words."""
