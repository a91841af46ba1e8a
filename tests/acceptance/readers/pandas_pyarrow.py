"""pandas, with pyarrow: as a reader calls it, without options."""

import pandas as pd
from cells import dump
from frames import columns_and_rows

dump(lambda path, table: columns_and_rows(pd.read_parquet(path, engine="pyarrow")))
