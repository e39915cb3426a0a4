"""How the models in `classifiers/text/data/` were made. Not part of the wheel."""
