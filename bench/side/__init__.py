"""Passerby beside what a person would otherwise build with, in the same run on the same machine: `python -m bench.side`.

Each module of this package measures one section and gives a `Section`. The others come from their registry and live in
`others/`, with the servers and pages that make a random chat of each of them.
"""
