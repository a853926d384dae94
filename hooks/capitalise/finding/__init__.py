"""Finding a product: by words, by facets, on a map. The same tables and the same index serve the web and a stick."""

FOLDER = "assets/find"
"""Where the tables and the search index of each language stand in the site."""
KEPT = "index"
"""Where indexes are kept from one build to the next, in the folder of what is kept."""
