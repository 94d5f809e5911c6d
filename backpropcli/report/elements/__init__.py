"""What a report tells of arrays element by element: kinks, causes, and which elements are felt."""
