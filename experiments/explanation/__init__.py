"""Tells a single run: its decisions, along the chain of causes, and what another choice does."""
