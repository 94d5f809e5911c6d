"""backprop: gradients at a shell prompt, with how they come about and proof that they are right."""

__version__ = "0.2.0"
