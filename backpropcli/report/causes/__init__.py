"""The first causes of what is not finite, in words."""
