"""Germs: what an expression has on one side of a point, as numbers with an infinitesimal part."""
