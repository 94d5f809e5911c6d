"""What flows along each edge of a run, and why nothing flows where nothing does."""
