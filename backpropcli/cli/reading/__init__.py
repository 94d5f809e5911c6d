"""What ships to be read: the pages of the manual, and the samples."""
