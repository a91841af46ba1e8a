"""frictionless: the CSV files, by the Data Package."""

from packages import read_all
from sheets import unguarded

read_all(lambda name: f"{name}-csv", unguarded)
