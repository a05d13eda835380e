"""What each mechanism does to ensembles of runs, and what the model must reproduce."""
