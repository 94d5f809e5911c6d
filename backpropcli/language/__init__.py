"""The language: text to a program, and back."""
