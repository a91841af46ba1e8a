"""What goes with a release in words: each file a function of the manifest and the tables' specs.

What is for people lies here; ``dataset`` has the formats that describe the release as a whole,
``tables`` those that describe its tables and columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from allegata.describing.card import card
from allegata.describing.changelog import changelog
from allegata.describing.dataset.catalog import catalog_ttl
from allegata.describing.dataset.citation_cff import citation_cff
from allegata.describing.dataset.datacite import datacite_json
from allegata.describing.dataset.datacite_xml import datacite_xml
from allegata.describing.dataset.dcat import dcat_ttl
from allegata.describing.dataset.provenance import provenance
from allegata.describing.dataset.ro_crate import ro_crate
from allegata.describing.dataset.schemaorg import schemaorg_jsonld
from allegata.describing.licence import licence
from allegata.describing.tables.contract import contract
from allegata.describing.tables.croissant import croissant
from allegata.describing.tables.csvw import csvw
from allegata.describing.tables.datapackage import datapackage
from allegata.describing.tables.vocabularies import vocabularies_ttl
from allegata.releasing import Catalog, Manifest, Revised
from allegata.releasing.manifest import file_entry
from allegata.schema import Dataset
from allegata.tables import Table

__all__ = ["card", "changelog", "describe", "describe_catalog", "licence"]


def describe(
    manifest: Manifest,
    specs: Mapping[str, Table],
    previous: Manifest | None = None,
    revised: Sequence[Revised] = (),
) -> dict[str, bytes]:
    """All descriptions of a release: file name -> content.

    Args:
        manifest: That of the release; it need not list these files yet.
        specs: What its tables are.
        previous: The manifest of the release before it.
        revised: What became of records since then, and why.
    """
    files = {
        "README.md": card(manifest, specs).encode(),
        "LICENSE": licence(manifest).encode(),
        "CHANGELOG.md": changelog(manifest, previous, revised).encode(),
        "CITATION.cff": citation_cff(manifest),
        "datapackage.json": datapackage(manifest, specs),
        "croissant.json": croissant(manifest, specs),
        "datacite.json": datacite_json(manifest),
        "datacite.xml": datacite_xml(manifest),
        "schemaorg.jsonld": schemaorg_jsonld(manifest, specs),
        "dcat.ttl": dcat_ttl(manifest, specs),
        "vocabularies.ttl": vocabularies_ttl(manifest, specs),
        "csv/csvw.json": csvw(manifest, specs),
        "datacontract.yaml": contract(manifest, specs),
    }
    # These two list the files that are there by then, with their hashes.
    files["ro-crate-metadata.json"] = ro_crate(_with(files, manifest), specs)
    files["provenance.intoto.json"] = provenance(_with(files, manifest))
    return files


def describe_catalog(catalog: Catalog, dataset: Dataset) -> dict[str, bytes]:
    """What goes beside the catalog of a publishing folder: file name -> content.

    Args:
        catalog: All its releases.
        dataset: What they are releases of, as the newest describes it.
    """
    return {"catalog.ttl": catalog_ttl(catalog, dataset)}


def _with(files: Mapping[str, bytes], manifest: Manifest) -> Manifest:
    """The manifest with these files listed too."""
    added = [file_entry(path, content) for path, content in files.items()]
    return manifest.model_copy(update={"files": [*manifest.files, *added]})
