"""The offline copy: what a built site becomes on a stick, and how it gets there whole.

The copy in a folder, or at the root of a stick:

    LISEZ-MOI.html, README.html      the start, in each language
    MANIFEST.sha256                  every file of the copy and its SHA-256; written last
    VERIFIER.bat, verify.sh          check the manifest with what a computer has
    capitalise/<number>/…            the pages; the number is the hash of all that they are and use
    capitalise/files/…               photos and documents, each named by its hash, shared by the old copy and the new
"""
