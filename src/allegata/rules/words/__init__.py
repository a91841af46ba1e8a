"""Word lists by which rules judge wording: ``<list>.<language>.txt`` beside this file.

================  =================================================================================
``loaded``        words that take a side; they may not stand in ids, and in propositions only
                  where somebody's label or judgement is what the proposition is about
``hedges``        words that keep a label from asserting what is disputed
``negations``     words that deny; in a proposition they belong in the stance
``attributions``  wordings that name or imply a speaker; in a proposition they belong in the chain
================  =================================================================================

One word or wording a line, in lower case, of letters with single blanks, hyphens or straight
apostrophes between them; a hyphen stands for a blank as well. A line that begins with # is a note.
To extend a list, add a line; to add a language, add a file. The lists of all languages are
applied together, whatever language a dataset is in.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def words(name: str) -> tuple[str, ...]:
    """All words of a list, over all languages, in order."""
    found: set[str] = set()
    for entry in files(__name__).iterdir():
        if entry.name.startswith(f"{name}.") and entry.name.endswith(".txt"):
            lines = entry.read_text(encoding="utf-8").splitlines()
            found.update(line.strip() for line in lines if line.strip() and line[0] != "#")
    return tuple(sorted(found))


def sql_word(name: str, text: str, *, in_compounds: bool = False) -> str:
    """An SQL expression: the first word of a list that stands in a text, '' if none does.

    Args:
        name: The list.
        text: An SQL expression of the text.
        in_compounds: Whether the word counts where a hyphen ties it to another ("regime-led").
    """
    edge = r"[^\p{L}\p{N}]" if in_compounds else r"[^\p{L}\p{N}-]"
    listed = "|".join(word.replace("-", "[- ]").replace("'", "''") for word in words(name))
    folded = f"replace(lower({text}), '\u2019', '''')"  # the curly apostrophe
    return f"regexp_extract({folded}, '(^|{edge})({listed})({edge}|$)', 2)"
