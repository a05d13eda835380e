"""The equations of the model: pure functions of numbers, one file a section.

Nothing here knows an object, a clock or a random generator. Every function takes and returns plain
numbers, so that the reference executor can call it and a compiler can translate it unchanged.
"""
