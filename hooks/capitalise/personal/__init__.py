"""People's data that slipped into a text: telephone numbers, private addresses, identity numbers, exact positions.

plain (a text as it is read, whatever its writing) → links, emails, identity, positions, phones (what is found in it)
→ finding (all of it, each thing once) → checking (what is told of a product, and what an editor acknowledged).
Names can't be known by a program: the review says so.
"""
