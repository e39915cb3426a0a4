"""Documents told by their titles alone."""
