"""What a mode found: gradients, matrices, products, series, formulas, costs."""
