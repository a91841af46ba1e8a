"""Benchmarks: generated data, planted faults, peers, and the page that shows the results.

Nothing here is a test; ``make bench`` runs it.
"""
