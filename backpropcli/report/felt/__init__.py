"""The kinks that the outputs feel at a point, also those of derivatives in the program."""
