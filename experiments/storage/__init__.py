"""Files of results: written durably while a sweep runs, read back, and described by a manifest."""
