"""The plugin that brings our gate into Mosquitto: its C part, what Python does once it is loaded, and its builder.

mosquitto ── dlopen ──► gate.so ── plugin.c ── cffi ──► boot.py ──► broker.engines.mosquitto ──► broker.gate
"""
