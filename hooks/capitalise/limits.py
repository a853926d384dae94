"""Every limit on what a contribution may hold, in one place.

They are generous for a person's work and small for a machine's: what passes them can be read,
checked and published on an old computer.
"""

MAX_TEXT_BYTES = 1_000_000
"""Size of one Markdown or vocabulary file. A sheet of 1,200 words is about 10 kB."""

MAX_FRONT_MATTER_CHARS = 64 * 1024
"""Size of the front matter, which is parsed before anything else is known of the file."""

MAX_YAML_DEPTH = 12
"""Nesting in YAML. The model needs 4; libyaml's composer crashes on 30,000."""

MAX_ATTACHMENT_BYTES = 20_000_000
"""Size of one photo or handout."""

MAX_SLUG_CHARS = 60
"""Length of a folder's name, so that a whole path on a USB stick stays under Windows' 260."""

MAX_TITLE_CHARS = 120
MAX_SUMMARY_CHARS = 320
