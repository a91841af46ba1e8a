"""The verb `schema`."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from allegata.cli.terminal import with_examples

app = typer.Typer(no_args_is_help=True, help="Show the schema of records.")


class Of(StrEnum):
    """What is to be shown."""

    RECORDS = "records"
    DATASET = "dataset"
    PROBLEM = "problem"
    TABLES = "tables"


@app.command()
@with_examples
def show(
    of: Annotated[Of, typer.Argument(help="Which part.")] = Of.RECORDS,
) -> None:
    """Print a part of the schema as JSON.

    Of record files, dataset.yaml and problems: the JSON Schema (draft 2020-12), for editors and
    other validators. Of tables: their columns, keys and vocabularies.

    Examples:
      allegata schema show > record-file.schema.json
    """
    from allegata.rules import Problem
    from allegata.schema import jsonschema
    from allegata.tables.outline import outline

    if of is Of.TABLES:
        schema = outline()
    elif of is Of.PROBLEM:
        schema = {"$schema": jsonschema.DIALECT, **Problem.model_json_schema()}
    elif of is Of.DATASET:
        schema = jsonschema.dataset_file_schema()
    else:
        schema = jsonschema.record_file_schema()
    typer.echo(json.dumps(schema, ensure_ascii=False, indent=1))
