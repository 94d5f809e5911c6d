"""What a run truly is, in many digits: and the kinks, orders and bits that rounding changes."""
