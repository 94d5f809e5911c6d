"""Where the left side of a mend fits, up to the order of terms and factors."""
