"""Passerby beside what a person would otherwise build with, all in one run on one machine: `python -m bench.side`.

Each module of this package measures one section and gives a `Section`. The others come from their registry and live in
`others/`, with the servers and pages that make a random chat of each of them.
"""
