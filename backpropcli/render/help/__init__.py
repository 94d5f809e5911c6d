"""Pages that a person reads for help: the table of functions, the manual."""
