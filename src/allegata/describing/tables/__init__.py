"""The tables of a release and their columns, in the formats that tools read."""
