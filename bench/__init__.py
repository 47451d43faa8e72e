"""Measurements, each a command that teaches with `--help`: `python -m bench.handshake`, `bench.load`, `bench.judging`.

They measure what is shipped, over real sockets of this machine, and never touch another one. Only the radar is judged
without any, in simulated time: `bench.radar`.
"""
