"""What a sweep asks: keys and their ranges, and the points at which runs are made."""
