"""Derivatives with arrays as a person writes them: what is tidied, and matrix algebra."""
