"""What is found of results, as plain data: findings, and the verdict that they come to."""
