"""The commands, each in a module of its own; `cli.py` gathers them."""
