"""Words and characters that cannot stand where they do: the driver stops at them."""
