"""Other notations, read whole: LaTeX and Mathematica to text of the language."""
