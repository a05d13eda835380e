"""Who acts: the agents of a crisis, one file a behaviour; `agents.rules` holds the equations."""
