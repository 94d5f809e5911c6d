"""From a program and values to derivatives, in this order.

``bindings`` settle values, ``lower`` writes the flat graph, ``fitting`` says whether shapes fit;
``forward`` computes values, ``linearize`` finds edges, and two ``sweeps`` read them. ``derivative``
runs these on nodes of a graph, also for the derivatives that a program has itself.
"""
