"""Every limit on what a contribution may hold, in one place.

They are generous for a person's work and small for a machine's: what passes them can be read,
checked and published on an old computer.
"""

MAX_TEXT_BYTES = 1_000_000
"""Size of one Markdown or vocabulary file. A sheet of 1,200 words is about 10 kB."""

MAX_BODY_CHARS = 150_000
"""Length of a text below its front matter: ten times the longest sheet, a report of fifty pages."""

MAX_LINE_CHARS = 10_000
"""Length of a line, which is a paragraph where nobody breaks lines: three pages."""

MAX_LINES = 5_000
"""Lines of a text. The longest sheet has two hundred."""

MAX_CITATIONS = 500
"""`[^1]` in a text. The footnotes extension looks through those before each."""

MAX_MEANINGS = 100
"""Lines of a definition list (`: meaning`) without a blank line between: each takes a level of Python's stack."""

MAX_SECTIONS = 60
"""Second-level headings of a text. A sheet has at most twelve sections of its own."""

MAX_HEADING_CHARS = 300
"""Length of a heading: three lines."""

MAX_NESTING = 20
"""Lists, quotations and boxes in one another, or four blanks before a line for each. Four are seldom; each level takes
some of Python's stack."""

MAX_MARKS_BY_CHARS = 3_000_000
"""Marks that may begin something (`[`, `<`, a backtick, a heading or a rule) times the length of the passage that they
stand in, summed over the passages of a text. Python-Markdown looks from each mark to the end of the passage. A list of
a hundred links makes one and a half million."""

MAX_TABLE_COLUMNS = 40
MAX_TABLE_CELLS = 10_000
"""Cells of a table: Python-Markdown fills each row up to the width of the first."""

MAX_DEFINITIONS = 200
"""Abbreviations, notes and link addresses that a text defines (`*[HTML]: …`, `[^1]: …`, `[here]: …`)."""

MAX_EXPANDED_CHARS = 500_000
"""What these definitions become, put in at each mention."""

MAX_FRONT_MATTER_CHARS = 64 * 1024
"""Size of the front matter, which is parsed before anything else is known of the file."""

MAX_YAML_DEPTH = 12
"""Nesting in YAML. The model needs 4; libyaml's composer crashes on 30,000."""

MAX_YAML_VALUES = 2_000
"""Names and values in a front matter. The richest has three hundred."""

MAX_VOCABULARY_VALUES = 50_000
"""The same in a vocabulary: three thousand terms with all that can be said of each."""

MAX_TERM_CHARS = 2_000
"""Length of a text in a vocabulary: a definition stands in each page that uses its term."""

MAX_SUGGESTIONS = 20
"""How many mistakes of a sort in one file come with the word that was probably meant, which is looked for."""

MAX_SUGGESTED_CHARS = 100
"""Length of a word for which a likeness is looked for."""

MAX_ATTACHMENT_BYTES = 20_000_000
"""Size of one photo or handout."""

MAX_SLUG_CHARS = 60
"""Length of a folder's name, so that a whole path on a USB stick stays under Windows' 260."""

MAX_TITLE_CHARS = 120
MAX_SUMMARY_CHARS = 320

MAX_CONVERTED_CHARS = 12_000
MAX_CONVERTED_MARKS = 500
"""What a check may have converted of one text, in characters and in `[` and `<`, to say exactly what of its HTML is not
published; beyond, it says so from the text as written. Python-Markdown takes minutes for ten thousand brackets."""

MAX_PERSONAL_DATA = 50
"""Data of people that are named in one text: a list of a hundred numbers is one fault, not a hundred."""

MAX_OFFICE_BYTES = 60_000_000
"""Size of a Word or OpenDocument file that is brought in: thirty photos as a phone takes them."""

MAX_OFFICE_PARTS = 2_000
"""Files packed in such a file. A report of a hundred pages has about fifty."""

MAX_OFFICE_XML_BYTES = 12_000_000
"""Size of one of its texts, unpacked: ten times a long report. What is read from it takes a hundred times as much."""

MAX_OFFICE_UNPACKED_BYTES = 150_000_000
"""Size of all that is packed in it, unpacked."""

MAX_OFFICE_RATIO = 100
"""How many times larger a part may become when it is unpacked: text shrinks twenty times, a bomb a thousand times."""

MAX_OFFICE_ELEMENTS = 500_000
"""Elements of XML in its texts. A report of a hundred pages has a hundred and fifty thousand."""

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

MAX_PHOTO_PIXELS = 51_000_000
"""Width times height of a photo: the 50 million of a telephone. It is read from the first bytes: nothing larger is
decoded."""

MAX_DRAWING_BYTES = 2_000_000
"""Size of a drawing in SVG. The largest of the library is 8 kB; a map traced from an atlas has 1 MB."""

MAX_DRAWING_ELEMENTS = 50_000
"""Elements of a drawing, and how many its `use` make of them: ten lines can ask a browser for a thousand million."""

MAX_DRAWING_DEPTH = 100
"""Groups one in another in a drawing."""

MAX_PDF_SECONDS = 30
"""Time that looking into one PDF may take; a report of 20 MB takes two seconds."""

MAX_PDF_MEMORY = 1_000_000_000
"""Memory that it may take, in bytes, where the system can hold a program to it (not Windows)."""

MAX_PICTURES_BYTES = 2_000_000_000
"""Size of the pictures kept in `.cache/pictures`, some ten thousand photos: those not used for longest go first."""
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
