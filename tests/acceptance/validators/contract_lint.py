"""datacontract lint: the contract, by the JSON Schema of ODCS."""

from contracts import results
from datacontract.data_contract import DataContract
from problems import report

report(lambda release: results(DataContract(str(release / "datacontract.yaml")).lint()))
