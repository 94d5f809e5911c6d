"""Kinks that operations meet at their values, of numbers and of elements."""
