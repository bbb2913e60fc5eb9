"""Names of elements of JATS (ANSI/NISO Z39.96) and what is made of each: a line, a block, text beside the text, none.

Whatever is in none of these lists is text: what no list foresees is then kept as a passage, and not lost.
https://jats.nlm.nih.gov/archiving/tag-library/
"""

FURNITURE = {
    "tex-math": "a formula for a typesetting program; its MathML or picture is the same formula",
    "annotation": "the same formula in another notation",
    "annotation-xml": "the same formula in another notation",
    "alt-text": "is not printed; describes a picture to whoever cannot see it",
    "long-desc": "is not printed; describes a picture to whoever cannot see it",
    "index-term": "is not printed; an entry of an index",
    "object-id": "identifies a figure or table, not a work or study",
    "permissions": "terms of use; those of the article are in its metadata",
    "institution-id": "identifies an institution in a list of such",
    "contrib-id": "identifies a person",
    "email": "contact data, not published",
    "phone": "contact data, not published",
    "fax": "contact data, not published",
    "address": "contact data, not published",
    "corresp": "contact data, not published",
    "sub-article": "a text of its own (a translation, a report of a referee); load it as a file of its own",
    "response": "a text of its own (an answer of authors); load it as a file of its own",
}
"""Elements whose text belongs to no passage, with the reason."""
CONTACT = frozenset({"email", "phone", "fax", "address", "corresp"})
FRONT_FURNITURE = {
    "journal-meta": "names the journal; its title is in the metadata",
    "article-id": "in the metadata",
    "article-version": "in the metadata of the publisher",
    "article-version-alternatives": "in the metadata of the publisher",
    "article-categories": "subjects for the publisher's lists",
    "alt-title": "a short form of the title, for the heads of pages",
    "pub-date": "in the metadata",
    "pub-date-not-available": "in the metadata",
    "history": "read as dates",
    "pub-history": "events of the publisher",
    "volume": "place in the journal",
    "volume-id": "place in the journal",
    "volume-series": "place in the journal",
    "issue": "place in the journal",
    "issue-id": "place in the journal",
    "issue-title": "place in the journal",
    "issue-sponsor": "place in the journal",
    "issue-part": "place in the journal",
    "isbn": "place in the journal",
    "supplement": "place in the journal",
    "fpage": "place in the journal",
    "lpage": "place in the journal",
    "page-range": "place in the journal",
    "elocation-id": "place in the journal",
    "permissions": "read as rights and licence",
    "self-uri": "the article's own address",
    "counts": "figures for the publisher",
    "processing-meta": "says how the file is tagged",
    "label": "the mark that ties a person to a place of work or a note",
}
"""Elements inside ``front`` whose text belongs to no passage, with the reason."""
FLOATS = frozenset(
    {"fig", "fig-group", "table-wrap", "table-wrap-group", "boxed-text", "supplementary-material", "media", "fn"}
)
"""Stand beside the text, also where the file has them in the middle of a sentence."""
PARTS = frozenset({"sec", "app", "ack", "notes", "glossary", "abstract", "trans-abstract", "ref-list", "bio"})
"""Become sections where they have a title, printed or known."""
BLOCKS = (
    FLOATS
    | PARTS
    | {"p", "title", "subtitle", "list", "def-list", "fn-group", "app-group", "disp-quote", "verse-group", "speech"}
    | {"statement", "preformat", "code", "table", "tgroup", "array", "floats-group", "body", "back"}
    | {"ref", "table-wrap-foot", "caption", "attrib", "def", "def-item", "list-item", "term", "verse-line"}
)
"""End the text in a line before them."""
SPACED = frozenset(
    {"name", "string-name", "person-group", "element-citation", "citation", "nlm-citation", "date-in-citation", "ref"}
    | {
        "contrib",
        "aff",
        "kwd",
        "compound-kwd",
        "custom-meta",
        "award-group",
        "related-object",
        "date",
        "name-alternatives",
    }
    | {"title-group", "institution-wrap", "principal-award-recipient", "collab", "collab-alternatives"}
)
"""Where elements follow one another without a space in these, they are words of their own."""
NOTES = frozenset({"fn", "table-fn"})
"""``ref-type`` of the mark of a footnote."""
MADE_TITLES = {"abstract": "Abstract", "trans-abstract": "Abstract", "ack": "Acknowledgements"}
"""Titles that a journal's style prints and the file need not hold."""
ROLES = {
    "intro": "introduction",
    "introduction": "introduction",
    "background": "introduction",
    "methods": "methods",
    "materials": "methods",
    "subjects": "methods",
    "materials and methods": "methods",
    "material and methods": "methods",
    "methods and materials": "methods",
    "patients and methods": "methods",
    "subjects and methods": "methods",
    "methodology": "methods",
    "methods and findings": None,
    "results": "results",
    "findings": "results",
    "discussion": "discussion",
    "conclusion": "conclusion",
    "conclusions": "conclusion",
    "supplementary-material": "appendix",
    "supporting information": "appendix",
    "appendix": "appendix",
    "references": "references",
}
"""``sec-type`` or title of a section, and its role; ``None`` where the title says two."""
PART_ROLES = {"abstract": "abstract", "trans-abstract": "abstract", "app": "appendix", "ref-list": "references"}
ABSTRACT_ROLES = {"key-points": "key-messages", "executive-summary": "key-messages", "key-messages": "key-messages"}
"""``abstract-type`` of what is a summary of another kind."""
INTERESTS = frozenset({"conflict", "coi-statement", "financial-disclosure"})
"""``fn-type`` and ``sec-type`` of statements of interests."""
KINDS = {
    "research-article": "journal-article",
    "brief-report": "journal-article",
    "case-report": "journal-article",
    "rapid-communication": "journal-article",
    "short-communication": "journal-article",
    "data-paper": "journal-article",
    "methods-article": "journal-article",
    "letter": "journal-article",
    "news": "journal-article",
    "correction": "journal-article",
    "retraction": "journal-article",
    "addendum": "journal-article",
    "other": "journal-article",
    "review-article": "review-article",
    "systematic-review": "systematic-review",
    "protocol": "protocol",
    "study-protocol": "protocol",
    "abstract": "conference-abstract",
    "meeting-abstract": "conference-abstract",
    "editorial": "opinion",
    "article-commentary": "commentary",
    "reply": "commentary",
    "discussion": "commentary",
    "book-review": "commentary",
    "product-review": "commentary",
    "guideline": "guideline",
    "clinical-guideline": "guideline",
}
"""``article-type`` and the concept of the scheme ``publication-kind`` that it is."""
