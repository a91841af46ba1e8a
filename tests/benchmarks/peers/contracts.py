"""datacontract-cli: a contract, tested against the file."""

from __future__ import annotations

import yaml

from benchmarks.peers import Job, Outcome


def datacontract(job: Job) -> Outcome:
    """Test the file against the contract, with its own engine."""
    from datacontract.data_contract import DataContract

    contract = yaml.safe_load((job.derived / "contract.yaml").read_text())
    contract["servers"][0]["path"] = str(job.source)
    written = job.out / "contract.yaml"
    written.write_text(yaml.safe_dump(contract))
    run = DataContract(data_contract_file=str(written), server="local").test()
    failed = [check for check in run.checks or () if check.result not in ("passed", "info")]
    return Outcome(len(failed))
