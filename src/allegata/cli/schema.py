"""The verb `schema`."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Show the schema of records.")


class Of(StrEnum):
    """What a JSON Schema is wanted of."""

    RECORDS = "records"
    DATASET = "dataset"
    PROBLEM = "problem"


@app.command()
def show(
    of: Annotated[Of, typer.Argument(help="Record files, dataset.yaml, or problems.")] = Of.RECORDS,
) -> None:
    """Print a JSON Schema (draft 2020-12), for editors and other validators.

    Examples:
      allegata schema show > record-file.schema.json
    """
    from allegata.rules import Problem
    from allegata.schema import jsonschema

    if of is Of.PROBLEM:
        schema = {"$schema": jsonschema.DIALECT, **Problem.model_json_schema()}
    elif of is Of.DATASET:
        schema = jsonschema.dataset_file_schema()
    else:
        schema = jsonschema.record_file_schema()
    typer.echo(json.dumps(schema, ensure_ascii=False, indent=1))
