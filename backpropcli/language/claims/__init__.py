"""Claims: derivatives that somebody worked out by hand, as statements next to a program.

``w = 2*(w*x + b - y)*x`` claims the derivative by w; it binds nothing, so w is the variable on the
right. ``dL_dw``, ``d_dw``, ``dL/dw`` and, twice, ``d2L_dw_db``, ``∂²L/∂w∂b`` say of what and by
what. Any other name is a helper, for the claims below it.
"""
