"""From a Word or OpenDocument file to a product, in the order in which a file passes through:

`guard` (what is safe to open) → `prepare` (what the converter would lose) → `pandoc` (the converter) → `tree` (plain
blocks) → `mapping` (headings become sections) → `fields` (labelled lines and tables become front matter) → `header`
(front matter as text) → `product` (the files), with a `report` of what was done with each thing.
"""
