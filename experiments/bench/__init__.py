"""Benchmarks: speed of runs, runners side by side, memory, and what pairing saves."""
