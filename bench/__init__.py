"""Measurements, each one command: `python -m bench.handshake`, `python -m bench.load`. Both teach with `--help`.

They measure what is shipped, over real sockets of this machine, and never touch another one.
"""
