"""datacontract test: every promise of the contract, kept by the Parquet files."""

import os

from contracts import results
from datacontract.data_contract import DataContract
from problems import report


def examine(release):
    os.chdir(release)  # the contract's server is the folder
    return results(DataContract("datacontract.yaml").test())


report(examine)
