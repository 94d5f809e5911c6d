"""What is read, and the builder refuses."""
