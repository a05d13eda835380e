"""Where in the space of its keys a crisis turns to war: boxes, a tree, and the worst runs."""
