"""The verdict on programs with arrays, in four tiers by how much there is to compute."""
