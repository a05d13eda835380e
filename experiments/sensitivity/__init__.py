"""Which keys matter: Sobol' indices and Morris' effects of a finished sweep, in words and plots."""
