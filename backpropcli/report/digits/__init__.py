"""Numbers of many digits: when they agree, and how many of them are proved."""
