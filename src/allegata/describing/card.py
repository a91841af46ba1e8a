"""``README.md``: the dataset card, for readers and for the Hugging Face Hub.

The front matter names the configurations (https://huggingface.co/docs/hub/datasets-manual-configuration);
without it the Hub's loader finds no table. A table without rows has none: the loader refuses it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from allegata.describing.citation import citation
from allegata.describing.dataset.facts import STANDING
from allegata.describing.markdown import definition, escaped, paragraphs, table
from allegata.releasing import Manifest, TableEntry
from allegata.tables import Table

_FIRST_CHOICE = ("claims_flat", "claims")
# The Hub's own names for licences; any other is "other", with its name and link.
_HUB_LICENCES = {
    "CC0-1.0": "cc0-1.0",
    "CC-BY-4.0": "cc-by-4.0",
    "CC-BY-SA-4.0": "cc-by-sa-4.0",
    "CC-BY-NC-4.0": "cc-by-nc-4.0",
    "CC-BY-NC-SA-4.0": "cc-by-nc-sa-4.0",
    "ODbL-1.0": "odbl",
    "ODC-By-1.0": "odc-by",
    "PDDL-1.0": "pddl",
}


def card(manifest: Manifest, specs: Mapping[str, Table]) -> str:
    """The card: front matter for machines, then what a reader needs to begin."""
    dataset = manifest.dataset
    head = yaml.safe_dump(front_matter(manifest), allow_unicode=True, sort_keys=False, width=88)
    parts = [
        f"---\n{head}---",
        f"# {escaped(dataset.title)}",
        paragraphs(dataset.description),
        f"**{STANDING}**",
        f"Release {manifest.version} of {manifest.date}, schema {manifest.schema_version}. "
        f"What was read for it: {escaped(dataset.coverage.sources)} "
        f"({dataset.coverage.start} to {dataset.coverage.end})",
        "## Tables",
        _tables(manifest, specs),
        "## Loading",
        _loading(manifest),
        "## Citing",
        escaped(citation(manifest)),
        "## Licence",
        _licence(manifest),
        "## Columns",
        *_columns(manifest, specs),
    ]
    return "\n\n".join(parts) + "\n"


def front_matter(manifest: Manifest) -> dict[str, Any]:
    """What the Hub reads of the card."""
    dataset, terms = manifest.dataset, manifest.dataset.licence
    first = example(manifest).name
    configs: list[dict[str, Any]] = [
        {"config_name": entry.name, "data_files": entry.path}
        | ({"default": True} if entry.name == first else {})
        for entry in manifest.tables
        if entry.rows
    ]
    named = {"license": _HUB_LICENCES.get(terms.id, "")}
    if not named["license"]:
        named = {"license": "other", "license_name": terms.id.lower(), "license_link": terms.url}
    return {
        "pretty_name": dataset.title,
        **named,
        "language": [dataset.lang.split("-")[0]],
        "tags": list(dict.fromkeys(dataset.keywords)) or ["events", "claims", "attribution"],
        "configs": configs,
    }


def example(manifest: Manifest) -> TableEntry:
    """The table that a reader had best begin with."""
    for name in _FIRST_CHOICE:
        entry = manifest.table(name)
        if entry and entry.rows:
            return entry
    return next((entry for entry in manifest.tables if entry.rows), manifest.tables[0])


def _tables(manifest: Manifest, specs: Mapping[str, Table]) -> str:
    rows = (
        [
            f"[`{entry.name}`]({entry.path})",
            f"{entry.rows}",
            definition(specs[entry.name].definition),
        ]
        for entry in manifest.tables
    )
    return table(["table", "rows", "a row is"], rows)


def _columns(manifest: Manifest, specs: Mapping[str, Table]) -> Iterator[str]:
    for entry in manifest.tables:
        yield f"### `{entry.name}`"
        yield f"Key: {', '.join(f'`{name}`' for name in entry.key)}"
        rows = (
            [f"`{column.name}`", entry.columns[column.name], definition(column.description)]
            for column in specs[entry.name].columns
        )
        yield table(["column", "type", "meaning"], rows)


def _loading(manifest: Manifest) -> str:
    """Snippets that count the rows of a table, titled as on the site's page of them."""
    path, name = example(manifest).path, example(manifest).name
    snippets = {
        "pandas": (
            "python",
            f'import pandas as pd\n\n{name} = pd.read_parquet("{path}")\n'
            f'{name}.attrs["columns"]  # what each column means\nprint(len({name}))',
        ),
        "polars": (
            "python",
            f'import polars as pl\n\n{name} = pl.read_parquet("{path}")\nprint({name}.height)',
        ),
        "Hugging Face datasets": (
            "python",
            "import os\n\nfrom datasets import load_dataset\n\n"
            f'{name} = load_dataset(os.getcwd(), "{name}", split="train")\n'
            f"print({name}.num_rows)",
        ),
        "allegata": (
            "python",
            f'import allegata\n\n{name} = allegata.open_release(".").table("{name}")\n'
            f"print({name}.num_rows)",
        ),
        "DuckDB": ("sql", f"SELECT count(*) FROM '{path}';"),
        "R": ("r", f'{name} <- nanoparquet::read_parquet("{path}")\nnrow({name})'),
        "R, without packages": (
            "r",
            f'{name} <- read.csv("csv/{name}.csv", na.strings = "", encoding = "UTF-8")\n'
            f"nrow({name})",
        ),
    }
    return "\n\n".join(
        f"{title}:\n\n```{language}\n{code}\n```" for title, (language, code) in snippets.items()
    )


def _licence(manifest: Manifest) -> str:
    terms = manifest.dataset.licence
    text = f"[{escaped(terms.name)}](<{terms.url}>), see `LICENSE`."
    if terms.exception:
        text += f"\n\nNot covered by it: {paragraphs(terms.exception)}"
    return text
