"""What the company does, written once for Dagster, the API and the command line alike."""
