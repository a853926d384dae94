"""The preview: a small server on the contributor's own computer, which prints the page that is asked for.

Nothing is built: a product that is saved is read again, with what it touches, and its page is printed when the browser
asks. What MkDocs makes of `docs/` comes in a bundle (`bundle.py`), made again when these pages change.
"""
