"""The first review of a contribution: a friend's, who says what is good before saying what could be better.

changes (what git or the contributor names) → subject (one text, read with indulgence) → advice, praise, people,
readability (what is said of it) → review (all texts, and the translations made old) → report (as words).
Nothing here blocks a contribution: what must be mended is what `checks` finds.
"""
