"""From a Word or OpenDocument file to a product, in the order in which a file passes through:

`guard` (what is safe to open) → `prepare` (what the converter would lose) → `pandoc` (the converter) → `tree` (plain
blocks) → `mapping` (headings become sections) → `fields` (labelled lines and tables become front matter) → `header`
(front matter as text) → `product` (the files), with a `report` of what was done with each thing.
"""

from capitalise.model import KINDS

SPOKEN = {"training" if name == "course" else name: name for name in KINDS}
"""The command's word for a kind → the model's."""
