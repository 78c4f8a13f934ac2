"""Features in, predictions out: recipes, validation, calibration, causes, registry. Pure and seedable."""
