"""The files that describe a release say what the models and dataset.yaml say, in every format."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from xml.etree import ElementTree as ET

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from allegata.deriving import derived_tables
from allegata.describing import describe, describe_catalog
from allegata.describing.dataset.dcat import dcat_ttl
from allegata.describing.dataset.turtle import text
from allegata.describing.tables.values import foreign_keys, limits
from allegata.publishing import publish
from allegata.releasing import Catalog, Manifest, Release, Status
from allegata.releasing.catalog import CatalogEntry
from allegata.schema import Dataset
from allegata.tables import Column, Table, base_tables
from allegata.tables.csv import write_csv

SPECS = {**base_tables(), **derived_tables()}
COLUMNS = [(table, column) for table in SPECS.values() for column in table.columns]
ROOT = Path(__file__).parent.parent
KERNEL = "{http://datacite.org/schema/kernel-4}"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the fictional dataset."""
    out = tmp_path_factory.mktemp("dist")
    return publish(Path(__file__).parent / "fictional", out, "2026.11.0").release


@pytest.fixture(scope="module")
def described(release: Release) -> dict[str, bytes]:
    """The descriptions as they were published."""
    return {
        file.path: (release.path / file.path).read_bytes()
        for file in release.manifest.files
        if file.role != "data" and file.path != "manifest.schema.json"
    }


def parsed(described: dict[str, bytes], name: str) -> Any:
    read: dict[str, Callable[[bytes], Any]] = {
        "json": json.loads,
        "jsonld": json.loads,
        "yaml": yaml.safe_load,
        "cff": yaml.safe_load,
        "xml": ET.fromstring,
    }
    return read[name.rpartition(".")[2]](described[name])


def bare(manifest: Manifest, **dataset: Any) -> Manifest:
    """The manifest before anything described it, with other facts of the dataset."""
    files = [file for file in manifest.files if file.role == "data"]
    told = manifest.dataset.model_copy(update=dataset)
    return manifest.model_copy(update={"files": files, "dataset": told})


class TestAll:
    def test_the_same_release_gives_the_same_bytes(self, release: Release) -> None:
        manifest = bare(release.manifest)
        assert describe(manifest, SPECS) == describe(manifest, SPECS)

    def test_the_page_of_docs_names_each_file(self, described: dict[str, bytes]) -> None:
        page = (ROOT / "docs/metadata.md").read_text()
        rows = re.findall(r"^\| (`[^|]+`) \|", page, re.M)
        named = {name for row in rows for name in re.findall("`([^`]+)`", row)}
        assert named == {*described, "manifest.json", "manifest.schema.json", "SHA256SUMS"}

    def test_the_crate_says_what_each_file_is(self, described: dict[str, bytes]) -> None:
        graph = parsed(described, "ro-crate-metadata.json")["@graph"]
        told = {one["@id"]: one["description"] for one in graph if one["@type"] == "File"}
        assert not [path for path, text in told.items() if path in text]
        assert SPECS["claims"].definition in told["csv/claims.csv"]

    def test_it_takes_no_more_than_a_plain_install(self) -> None:
        project = (ROOT / "pyproject.toml").read_text()
        needed = re.search(r"^dependencies = \[(.*?)^\]", project, re.M | re.S)
        assert needed
        imported = {
            name
            for path in (ROOT / "src/allegata/describing").rglob("*.py")
            for name in re.findall(
                r"^(?:from (?=\S+ import )|import )(\w+)", path.read_text(), re.M
            )
        }
        of_python = {"__future__", "collections", "json", "re", "typing", "xml"}
        others = imported - of_python - {"allegata"}
        assert others <= {
            name.replace("-", "_") for name in re.findall('"([a-z-]+)', needed[1])
        } | {"yaml"}


def rule(column: Column) -> dict[str, str]:
    return {code.value: code.rule for code in column.vocabulary or ()}


def of_datapackage(found: dict[str, bytes]) -> Iterator[tuple[str, str, str, str, Any]]:
    for resource in parsed(found, "datapackage.json")["resources"]:
        for field in resource["schema"]["fields"]:
            rules = {one["value"]: one["description"] for one in field.get("categories", [])}
            assert field.get("constraints", {}).get("enum", []) == list(rules)
            told = field["description"] + field.get("codingRule", "")
            yield resource["title"], field["name"], told, field.get("unit", ""), rules


def in_text(described: str) -> dict[str, str]:
    return dict(re.findall(r"^- (\w+): (.*)$", described, re.M))


def unit_in(described: str) -> str:
    found = re.search(r" In ([a-z ]+)\.$", described)
    return found[1] if found else ""


def of_croissant(found: dict[str, bytes]) -> Iterator[tuple[str, str, str, str, Any]]:
    sets = parsed(found, "croissant.json")["recordSet"]
    for one in sets:
        for field in () if "data" in one else one["field"]:
            told = field["description"]
            yield one["name"], field["name"], told, unit_in(told), in_text(told)


def of_schemaorg(found: dict[str, bytes]) -> Iterator[tuple[str, str, str, str, Any]]:
    for variable in parsed(found, "schemaorg.jsonld")["variableMeasured"]:
        table, name = variable["name"].split(".")
        told = variable["description"]
        assert variable.get("value", []) == list(in_text(told))
        yield table, name, told, variable.get("unitText", ""), in_text(told)


def of_csvw(found: dict[str, bytes]) -> Iterator[tuple[str, str, str, str, Any]]:
    for table in parsed(found, "csv/csvw.json")["tables"]:
        for column in table["tableSchema"]["columns"]:
            told = column["dc:description"]["@value"]
            unit = column.get("schema:unitText", "")
            yield table["url"].removesuffix(".csv"), column["name"], told, unit, in_text(told)


def of_contract(found: dict[str, bytes]) -> Iterator[tuple[str, str, str, str, Any]]:
    for table in parsed(found, "datacontract.yaml")["schema"]:
        for column in table["properties"]:
            custom = {p["property"]: p["value"] for p in column.get("customProperties", [])}
            unit = custom.pop("unit", "")
            rules = {name.removeprefix("code "): value for name, value in custom.items()}
            codes = [q["arguments"]["validValues"] for q in column.get("quality", [])]
            assert codes == ([list(rules)] if rules else [])
            yield table["name"], column["name"], column["description"], unit, rules


class TestColumns:
    @pytest.mark.parametrize(
        "told", [of_datapackage, of_croissant, of_schemaorg, of_csvw, of_contract]
    )
    def test_descriptions_units_codes_and_rules_travel(
        self,
        described: dict[str, bytes],
        told: Callable[[dict[str, bytes]], Iterator[tuple[str, str, str, str, Any]]],
    ) -> None:
        found = list(told(described))
        assert {(table, name) for table, name, *_ in found} == {
            (table.name, column.name) for table, column in COLUMNS
        }
        for table, name, description, unit, rules in found:
            column = SPECS[table].column(name)
            assert column.description in description
            assert unit == (column.unit or "")
            assert rules == rule(column)
            if column.vocabulary:
                assert column.vocabulary.definition() in description

    def test_some_columns_have_units(self) -> None:
        assert {column.unit for _, column in COLUMNS} == {None, "degrees", "code points"}

    def test_limits_are_those_of_the_models(self) -> None:
        keywords = {"pattern", "minimum", "maximum", "minLength", "maxLength"}
        for table, column in COLUMNS:
            if column.info is None or column.vocabulary:
                continue
            annotation: Any = column.info.annotation
            for mark in column.info.metadata:
                annotation = Annotated[annotation, mark]
            told = TypeAdapter(annotation).json_schema()
            told = told.get("anyOf", [told])[0]
            expected = {name: value for name, value in told.items() if name in keywords}
            found = limits(column)
            if "edtf" not in column.name and expected.get("pattern", "").startswith("^([0-9]{4}(-"):
                found.pop("maxLength", None)  # JSON Schema has a pattern of its own for a time
            assert found == expected, f"{table.name}.{column.name}"

    def test_values_are_within_the_limits_that_are_told(self, release: Release) -> None:
        for table, column in COLUMNS:
            told = limits(column)
            values = release.table(table.name).arrow.column(column.name).drop_null().to_pylist()
            for value in values:
                if "pattern" in told:
                    assert re.search(told["pattern"], value)
                assert told.get("minimum", value) <= value <= told.get("maximum", value)
                assert "maxLength" not in told or len(value) <= told["maxLength"]


class TestDataPackage:
    def test_keys_and_references_hold_in_the_data(
        self, release: Release, described: dict[str, bytes]
    ) -> None:
        package = parsed(described, "datapackage.json")
        resources = {one["name"]: one for one in package["resources"]}
        assert set(resources) == {*SPECS, *(f"{name}-csv" for name in SPECS)}
        for resource in resources.values():
            table, schema = SPECS[resource["title"]], resource["schema"]
            rows = release.table(table.name).arrow
            assert schema["primaryKey"] == list(table.key)
            keys = list(zip(*(rows[name].to_pylist() for name in table.key), strict=True))
            assert len(set(keys)) == len(keys)
            for key in schema.get("foreignKeys", []):
                target = key["reference"]["resource"] or resource["name"]
                assert target.endswith("-csv") == resource["name"].endswith("-csv")
                ids = release.table(resources[target]["title"]).arrow["id"].to_pylist()
                (column,) = key["fields"]
                assert set(rows[column].drop_null().to_pylist()) <= set(ids)
        assert {"source_id", "proposition_id"} <= {
            key["fields"][0] for key in resources["claims"]["schema"]["foreignKeys"]
        }

    def test_only_csv_states_its_size_and_what_is_missing(
        self, described: dict[str, bytes]
    ) -> None:
        for resource in parsed(described, "datapackage.json")["resources"]:
            is_csv = resource["path"].endswith(".csv")
            assert ("bytes" in resource) == is_csv
            assert resource["schema"].get("missingValues") == ([""] if is_csv else None)
            assert "fieldsMatch" not in resource["schema"]

    def test_what_must_be_there_is_required(self, described: dict[str, bytes]) -> None:
        for resource in parsed(described, "datapackage.json")["resources"]:
            for field in resource["schema"]["fields"]:
                column = SPECS[resource["title"]].column(field["name"])
                required = field.get("constraints", {}).get("required", False)
                assert required == (not column.nullable)


class TestHashes:
    def test_every_hash_that_a_file_states_is_that_of_the_file(
        self, release: Release, described: dict[str, bytes]
    ) -> None:
        true = {file.path: file.sha256 for file in release.manifest.files}
        crate = parsed(described, "ro-crate-metadata.json")["@graph"]
        statement = parsed(described, "provenance.intoto.json")["subject"]
        package = parsed(described, "datapackage.json")["resources"]
        croissant = parsed(described, "croissant.json")["distribution"]
        downloads = parsed(described, "schemaorg.jsonld")["distribution"]
        tables = {path for path in true if path.startswith(("data/", "csv/"))} - {"csv/csvw.json"}
        own = {"ro-crate-metadata.json", "provenance.intoto.json"}
        for stated, about in (
            ({one["@id"]: one["sha256"] for one in crate if "sha256" in one}, set(true) - own),
            (
                {one["name"]: one["digest"]["sha256"] for one in statement},
                set(true) - {"provenance.intoto.json"},
            ),
            ({one["path"]: one["hash"].removeprefix("sha256:") for one in package}, tables),
            ({one["contentUrl"]: one["sha256"] for one in croissant}, tables),
            ({one["contentUrl"]: one["sha256"] for one in downloads}, tables),
        ):
            assert stated == {path: true[path] for path in about}

    def test_the_crate_refers_to_nothing_that_it_does_not_describe(
        self, described: dict[str, bytes]
    ) -> None:
        crate = parsed(described, "ro-crate-metadata.json")
        graph = {one["@id"]: one for one in crate["@graph"]}
        assert crate["@context"] == "https://w3id.org/ro/crate/1.2/context"
        referred = set(re.findall(r'\{"@id": "([^"]+)"\}', json.dumps(crate)))
        assert referred - set(graph) == {"https://w3id.org/ro/crate/1.2"}
        assert graph["ro-crate-metadata.json"]["about"] == {"@id": "./"}


class TestCroissant:
    def test_it_says_which_version_and_reads_each_column_from_its_file(
        self, described: dict[str, bytes]
    ) -> None:
        told = parsed(described, "croissant.json")
        assert "http://mlcommons.org/croissant/1.1" in told["conformsTo"]
        assert told["@context"]["@vocab"] == "https://schema.org/"
        files = {one["@id"]: one for one in told["distribution"]}
        parquet = ["application/vnd.apache.parquet", "application/x-parquet"]
        assert files["data/claims.parquet"]["encodingFormat"] == parquet
        assert "references" not in {key for one in told["recordSet"] for key in one}
        for one in told["recordSet"]:
            for field in () if "data" in one else one["field"]:
                assert field["source"] == {
                    "fileObject": {"@id": f"data/{one['name']}.parquet"},
                    "extract": {"column": field["name"]},
                }
        stances = next(one for one in told["recordSet"] if one["name"] == "Stance")
        column = SPECS["claims"].column("stance")
        assert {one["Stance/name"]: one["Stance/description"] for one in stances["data"]} == rule(
            column
        )
        assert told["rai:dataCollection"]
        assert told["prov:wasGeneratedBy"]

    def test_schema_org_has_the_context_that_its_checkers_want(
        self, described: dict[str, bytes]
    ) -> None:
        told = parsed(described, "schemaorg.jsonld")
        assert told["@context"] == "http://schema.org"
        assert b"ClaimReview" not in b"".join(described.values())


PERSON = {"name": "Lovelace, Ada", "orcid": "0000-0002-1825-0097", "affiliation": "The Lock"}
BODY = {"name": "The coders", "url": "https://coders.example/"}


@pytest.fixture(scope="module")
def cited(release: Release) -> dict[str, bytes]:
    """Descriptions of a dataset that says all that it can say of itself."""
    given = release.dataset.model_dump(mode="json") | {
        "creators": [PERSON, BODY],
        "doi": "10.5281/zenodo.1234567",
        "keywords": ["contested events", "claims"],
    }
    full = Dataset.model_validate_json(json.dumps(given))
    manifest = bare(release.manifest).model_copy(update={"dataset": full})
    return describe(manifest, SPECS)


class TestCitation:
    def test_citation_cff(self, cited: dict[str, bytes]) -> None:
        told = parsed(cited, "CITATION.cff")
        assert told["cff-version"] == "1.2.0"
        assert told["authors"] == [
            {
                "family-names": "Lovelace",
                "given-names": "Ada",
                "affiliation": "The Lock",
                "orcid": "https://orcid.org/0000-0002-1825-0097",
            },
            {"name": "The coders", "website": "https://coders.example/"},
        ]
        assert told["doi"] == "10.5281/zenodo.1234567"
        assert told["keywords"] == ["contested events", "claims"]
        assert told["license"] == "CC-BY-4.0"
        assert told["version"] == "2026.11.0"
        assert isinstance(told["date-released"], date)

    def test_a_licence_of_ones_own_is_named_by_its_address(self, release: Release) -> None:
        terms = release.dataset.licence.model_copy(update={"id": "LicenseRef-own"})
        told = parsed(describe(bare(release.manifest, licence=terms), SPECS), "CITATION.cff")
        assert told["license-url"] == terms.url
        assert "license" not in told

    def test_datacite_says_the_same_as_json_and_as_xml(self, cited: dict[str, bytes]) -> None:
        told, root = parsed(cited, "datacite.json"), parsed(cited, "datacite.xml")

        def texts(path: str) -> list[str | None]:
            names = "/".join(f"{KERNEL}{name}" for name in path.split("/"))
            return [found.text for found in root.iterfind(names)]

        identifier = root.find(f"{KERNEL}identifier")
        assert identifier is not None
        assert (identifier.text, identifier.get("identifierType")) == (told["doi"], "DOI")
        assert texts("creators/creator/creatorName") == [one["name"] for one in told["creators"]]
        assert texts("creators/creator/familyName") == ["Lovelace"]
        assert texts("creators/creator/nameIdentifier") == ["https://orcid.org/0000-0002-1825-0097"]
        assert texts("titles/title") == [one["title"] for one in told["titles"]]
        assert texts("publisher") == [told["publisher"]["name"]]
        assert texts("publicationYear") == [told["publicationYear"]]
        assert texts("subjects/subject") == ["contested events", "claims"]
        assert texts("dates/date") == [one["date"] for one in told["dates"]]
        assert texts("rightsList/rights") == [one["rights"] for one in told["rightsList"]]
        assert texts("descriptions/description") == [
            one["description"] for one in told["descriptions"]
        ]
        assert texts("version") == ["2026.11.0"]

    def test_keywords_and_doi_reach_all_that_have_a_place_for_them(
        self, cited: dict[str, bytes]
    ) -> None:
        for name in (
            "README.md",
            "CITATION.cff",
            "croissant.json",
            "datacite.json",
            "datacite.xml",
            "datacontract.yaml",
            "datapackage.json",
            "dcat.ttl",
            "ro-crate-metadata.json",
            "schemaorg.jsonld",
        ):
            assert "contested events" in cited[name].decode(), name
        for name in ("datapackage.json", "dcat.ttl", "ro-crate-metadata.json", "schemaorg.jsonld"):
            assert "https://doi.org/10.5281/zenodo.1234567" in cited[name].decode(), name

    def test_without_a_doi_none_is_invented(self, described: dict[str, bytes]) -> None:
        assert "doi" not in parsed(described, "datacite.json")
        identifier = parsed(described, "datacite.xml").find(f"{KERNEL}identifier")
        assert (identifier.text, identifier.get("identifierType")) == (
            "https://harl-lock.example/",
            "URL",
        )


HOSTILE = [
    "</script><script>alert(1)</script>",
    "\"quoted\" 'too' \\ and \\n and \\u0041",
    "line\nbreak\r\nand\ttab",
    "- yaml: {a: [b, &c *c]} # no !!python/object:os.system '",
    "on", "2025-12-29", "0x1F", "~", "---", "%TAG", "@at", "`tick`", "1e3", "=1+1",
    "]]> <!-- & &amp; <![CDATA[",
    "\u202eright to left\u202c \u2066isolate\u2069 \u2028 \u200b",
    "<http://x.example/> . <#a> a <#b>",
    '"""@en ; dct:title "other',
    "emoji 🗞️ and 漢字 and e\u0301",
    "{{ 7*7 }} ${x} %(y)s",
]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
def test_other_peoples_text_stays_text(release: Release, hostile: str) -> None:
    manifest = bare(release.manifest, title=hostile, description=hostile, publisher=hostile)
    manifest = manifest.model_copy(update={"tables": manifest.tables[:1]})
    found = describe(manifest, SPECS)
    assert parsed(found, "CITATION.cff")["title"] == hostile
    assert parsed(found, "CITATION.cff")["abstract"] == hostile
    assert parsed(found, "datapackage.json")["title"] == hostile
    assert parsed(found, "croissant.json")["alternateName"] == hostile
    assert parsed(found, "schemaorg.jsonld")["name"] == hostile
    assert parsed(found, "datacite.json")["titles"][0]["title"] == hostile
    titles = parsed(found, "datacite.xml").find(f"{KERNEL}titles/{KERNEL}title")
    assert titles.text == hostile
    assert parsed(found, "datacontract.yaml")["description"]["purpose"] == hostile
    assert parsed(found, "csv/csvw.json")["dc:title"]["@value"] == hostile
    head = found["README.md"].decode().split("\n---\n")[0].removeprefix("---\n")
    assert yaml.safe_load(head)["pretty_name"] == hostile
    graph = parsed(found, "ro-crate-metadata.json")["@graph"]
    assert {one["@id"]: one for one in graph}["#publisher"]["name"] == hostile


def test_what_xml_cannot_hold_is_shown_as_lost(release: Release) -> None:
    found = describe(bare(release.manifest, title="a\x00b\x0cc\ufffe"), SPECS)
    title = parsed(found, "datacite.xml").find(f"{KERNEL}titles/{KERNEL}title")
    assert title.text == "a\ufffdb\ufffdc\ufffd"


class TestTurtle:
    @pytest.fixture
    def rdflib(self) -> Any:
        return pytest.importorskip("rdflib")

    @settings(max_examples=50)
    @given(value=st.text())
    def test_any_text_comes_back(self, value: str) -> None:
        rdflib = pytest.importorskip("rdflib")
        graph = rdflib.Graph().parse(data=f"<urn:a> <urn:b> {text(value)} .", format="turtle")
        ((_, _, read),) = graph
        assert str(read) == value

    def test_a_hostile_title_is_one_literal(self, rdflib: Any, release: Release) -> None:
        title, base = rdflib.URIRef("http://purl.org/dc/terms/title"), "https://x.example/r/"

        def graph(**facts: Any) -> Any:
            entries = {"tables": release.manifest.tables[:1]}
            manifest = bare(release.manifest, **facts).model_copy(update=entries)
            data = dcat_ttl(manifest, SPECS)
            return rdflib.Graph().parse(data=data, format="turtle", publicID=base)

        plain = len(graph())
        for hostile in HOSTILE:
            found = graph(title=hostile)
            assert [str(one) for one in found.objects(rdflib.URIRef(base), title)] == [hostile]
            assert len(found) == plain

    def test_the_vocabularies_have_each_code_with_its_rule(
        self, rdflib: Any, described: dict[str, bytes]
    ) -> None:
        skos = rdflib.Namespace("http://www.w3.org/2004/02/skos/core#")
        graph = rdflib.Graph().parse(data=described["vocabularies.ttl"], format="turtle")
        told = {
            (str(graph.value(concept, skos.inScheme)).rpartition(":")[2], str(code)): str(
                graph.value(concept, skos.definition)
            )
            for concept, code in graph.subject_objects(skos.notation)
        }
        assert told == {
            (column.vocabulary.__name__, code.value): code.rule
            for _, column in COLUMNS
            for code in column.vocabulary or ()
            if column.vocabulary
        }

    def test_a_release_has_a_distribution_for_each_file_of_a_table(
        self, rdflib: Any, release: Release, described: dict[str, bytes]
    ) -> None:
        dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
        base = "https://x.example/releases/2026.11.0/"
        graph = rdflib.Graph().parse(data=described["dcat.ttl"], format="turtle", publicID=base)
        found = {str(one).removeprefix(base) for one in graph.objects(None, dcat.downloadURL)}
        assert found == {file.path for file in release.manifest.files if file.role == "data"}

    def test_the_catalog_lists_all_releases_and_where_they_stand(
        self, rdflib: Any, release: Release
    ) -> None:
        entries = [
            CatalogEntry(
                version=version,
                manifest=f"releases/{version}/manifest.json",
                sha256="0" * 64,
                schema_version="1.0.0",
                date=date(2026, 11, 1),
                status=status,
            )
            for version, status in (
                ("2026.11.2", Status.RELEASED),
                ("2026.11.1", Status.WITHDRAWN),
                ("2026.11.0", Status.SUPERSEDED),
            )
        ]
        catalog = Catalog(dataset=release.dataset.name, releases=entries)
        written = describe_catalog(catalog, release.dataset)["catalog.ttl"]
        base = "https://x.example/"
        graph = rdflib.Graph().parse(data=written, format="turtle", publicID=base)
        status = rdflib.URIRef("http://www.w3.org/ns/adms#status")
        assert {
            str(one).removeprefix(base): str(word).rpartition("/")[2]
            for one, word in graph.subject_objects(status)
        } == {
            "releases/2026.11.2/": "COMPLETED",
            "releases/2026.11.1/": "WITHDRAWN",
            "releases/2026.11.0/": "DEPRECATED",
        }
        listed = rdflib.Namespace("http://www.w3.org/ns/dcat#").dataset
        assert len(list(graph.objects(rdflib.URIRef(base), listed))) == 4


def unguarded(cell: str) -> str:
    """What the docs say to do."""
    return re.sub("^'", "", cell)


def written_csv(folder: Path, rows: pa.Table) -> bytes:
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    pq.write_table(rows, folder / "rows.parquet")
    write_csv(folder / "rows.parquet", folder / "rows.csv")
    return (folder / "rows.csv").read_bytes()


CHARACTERS = st.characters(exclude_categories=("Cs",))
TEXTS = st.lists(
    st.text(CHARACTERS, max_size=6)
    | st.builds("{}{}".format, st.sampled_from(list("=+-@'\t\r\n ＝")), st.text(CHARACTERS)),  # noqa: RUF001
    min_size=1,
    max_size=8,
)


class TestCsv:
    @given(texts=TEXTS)
    def test_any_text_comes_back_and_none_begins_a_formula(
        self, tmp_path_factory: pytest.TempPathFactory, texts: list[str]
    ) -> None:
        folder = tmp_path_factory.getbasetemp() / "guarded"
        content = written_csv(folder, pa.table({"text": pa.array(texts, pa.string())}))
        head, *cells = csv.reader(io.StringIO(content.decode(), newline=""))
        assert head == ["text"]
        assert [unguarded(cell) for (cell,) in cells] == texts
        assert not [cell for (cell,) in cells if re.match(r"\s*[=+\-@]|[\t\r\n]", cell)]

    def test_missing_and_empty_are_told_apart(self, tmp_path: Path) -> None:
        rows = pa.table({"a": pa.array(["", None, "x"]), "n": pa.array([1, None, 3], pa.int32())})
        assert written_csv(tmp_path / "f", rows) == b'a,n\r\n"",1\r\n,\r\n"x",3\r\n'

    def test_days_times_and_numbers_are_plain(self, tmp_path: Path) -> None:
        rows = pa.table(
            {
                "day": pa.array([0, None], pa.date32()),
                "at": pa.array([1_500_000, 2_000_000], pa.timestamp("us", "UTC")),
                "number": pa.array([-0.5, 57.0]),
                "yes": pa.array([True, False]),
            }
        )
        assert written_csv(tmp_path / "f", rows).decode().splitlines() == [
            "day,at,number,yes",
            '1970-01-01,"1970-01-01T00:00:01.5Z",-0.5,true',
            ',"1970-01-01T00:00:02Z",57,false',
        ]

    def test_a_release_has_the_same_cells_as_csv(self, release: Release) -> None:
        for table in SPECS.values():
            rows = release.table(table.name).arrow
            content = (release.path / f"csv/{table.name}.csv").read_bytes().decode()
            head, *cells = csv.reader(io.StringIO(content, newline=""))
            assert head == rows.column_names
            expected = [
                [as_text(value) for value in row]
                for row in zip(*(column.to_pylist() for column in rows.columns), strict=True)
            ]
            assert [[unguarded(cell) for cell in row] for row in cells] == expected

    def test_the_same_rows_give_the_same_bytes(self, tmp_path: Path) -> None:
        rows = pa.table({"a": [f"{n}" for n in range(25_000)]})
        one = written_csv(tmp_path / "f", rows)
        assert one == written_csv(tmp_path / "g", rows)
        assert one.count(b"\r\n") == 25_001


def as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if hasattr(value, "hour") else str(value)


def test_foreign_keys_are_told_where_the_table_is_there() -> None:
    claims: Table = SPECS["claims"]
    assert foreign_keys(claims, SPECS) == {
        "source_id": "sources",
        "proposition_id": "propositions",
    }
    assert foreign_keys(claims, {"claims": claims}) == {}
