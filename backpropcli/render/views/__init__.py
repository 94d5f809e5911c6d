"""Pictures of a program's nodes: trees, tables, steps, flow, shapes."""
