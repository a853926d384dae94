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

MAX_OFFICE_BYTES = 60_000_000
"""Size of a Word or OpenDocument file that is brought in: thirty photos as a phone takes them."""

MAX_OFFICE_PARTS = 2_000
"""Files packed in such a file. A report of a hundred pages has about fifty."""

MAX_OFFICE_XML_BYTES = 12_000_000
"""Size of one of its texts, unpacked: ten times a long report. What is read from it takes a hundred times as much."""

MAX_OFFICE_UNPACKED_BYTES = 200_000_000
"""Size of all that is packed in it, unpacked."""

MAX_OFFICE_RATIO = 100
"""How many times larger a part may become when it is unpacked: text shrinks twenty times, a bomb a thousand times."""

MAX_OFFICE_ELEMENTS = 500_000
"""Elements of XML in one of its texts. A report of a hundred pages has a hundred and fifty thousand."""

MAX_OFFICE_CELLS = 20_000
"""Cells of one of its tables."""

MAX_OFFICE_PICTURES = 100
"""Pictures that are brought in from one of them."""

MAX_OFFICE_SECONDS = 60
"""Time that reading it may take."""

MAX_OFFICE_MEMORY = "1g"
"""Memory that reading it may take, as GHC's run-time system writes it."""

MAX_PHOTO_BYTES = 600_000
"""Size of a picture brought in from such a file: a minute's wait on a slow connection."""

MAX_FORM_BYTES = 30_000_000
"""Size of a file that the offline form saved: its photos, each as large as a screen shows."""

MAX_FORM_PHOTOS = 20
"""Photos in such a file."""

MAX_FORM_PHOTO_BYTES = 3_000_000
"""Size of one of them: the form writes some hundred kilobytes."""

MAX_FORM_TEXT_CHARS = 60_000
"""Length of one answer: a section of twenty pages."""

MAX_FORM_ITEMS = 200
"""Members of one list."""

MAX_CACHE_BYTES = 1_500_000_000
"""Size of the pages that are kept from one build to the next: those of 50,000 sheets."""
