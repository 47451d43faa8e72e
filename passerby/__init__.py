"""Passerby as a command: the only place that chooses an engine, reads settings and holds secrets."""

from importlib.metadata import version

__version__ = version("passerby")
