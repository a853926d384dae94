"""CAPitalise: read products → check them → one Library → many faces.

A plain Python package: it knows nothing of MkDocs, which only prints its pages.
"""

__version__ = "0.1.0"
