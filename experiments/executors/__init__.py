"""Where runs are made: in this process, in several, or on a cluster."""
