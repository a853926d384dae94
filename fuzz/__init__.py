"""Hostile and broken contributions by the thousand: what the program reads must never bring it down.

`targets` are the ways in, each with files to begin from; `mutating` spoils these files; `running` feeds them in, in
processes that are watched, and makes what it finds small; `make fuzz` runs it for as long as one likes.
"""
