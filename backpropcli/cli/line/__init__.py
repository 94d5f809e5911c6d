"""The command line: options, words, and the program and the point that they say."""
