"""What a spreadsheet is given: it runs whatever begins like a formula, and anybody may name a category so."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_text(name: str) -> str:
    """The name as it is read; told to be text where a spreadsheet would take it for a formula."""
    return f"'{name}" if name.startswith(FORMULA) else name
