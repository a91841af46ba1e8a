"""dkpro-cassis, which reads what INCEpTION reads: every claim, at its place in the text."""

from cassis import load_cas_from_json
from exports import exports
from problems import report


def examine(release):
    files = sorted((exports(release) / "inception").glob("*.json"))
    if not files:
        yield "there are no documents"
    for path in files:
        with path.open("rb") as file:
            cas = load_cas_from_json(file)
        claims = cas.select("webanno.custom.Claim")
        if not claims:
            yield f"{path.name}: no claims"
        for claim in claims:
            text = claim.get_covered_text()
            if not text.startswith("Proposition: ") or "\n\n" in text:
                yield f"{path.name}: {text!r}"


report(examine)
