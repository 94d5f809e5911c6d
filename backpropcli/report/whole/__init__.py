"""What the whole expression has at a point, from either side, by germs."""
