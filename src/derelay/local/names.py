"""Short names for the participants of a local relay."""

# fmt: off
NAMES = (
    "ada", "ben", "cleo", "dan", "eve", "finn", "gus", "hana",
    "ivan", "june", "kai", "lena", "milo", "nora", "omar", "pia",
    "quin", "rosa", "sam", "tess", "uma", "vera", "wim", "xena",
    "yara", "zoe", "alma", "bram", "cara", "dora", "emil", "fay",
    "gina", "hugo", "inga", "jana", "karl", "lars", "maya", "nils",
    "olga", "paul", "rhea", "sven", "tara", "ugo", "vito", "wanda",
    "yves", "zita", "anna", "boris", "carl", "dina", "elsa", "fritz",
    "greta", "hans", "iris", "jonas", "kira", "leo", "mara", "niko",
)
"""64 of them, in the order in which they are given."""
