"""The browser page: watch a crisis, see why each choice fell, ask what if.

Solara serves it, Mesa's controller plays it, and each visitor has a `Session` of their own.
"""
