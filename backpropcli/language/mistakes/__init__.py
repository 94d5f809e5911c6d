"""Explains mistakes in a program: loaded only when there is one."""
