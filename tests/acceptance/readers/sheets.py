"""What readers of the CSV edition share."""


def unguarded(value):
    """A text without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return value[1:] if isinstance(value, str) and value.startswith("'") else value
