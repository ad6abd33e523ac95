"""Random graphs of operators as textual IR, with inputs for them; check-graphs.py compares what becomes of them."""

from random_graphs.graph import Graph

__all__ = ["Graph"]
