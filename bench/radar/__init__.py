"""The radar, judged by a simulated town: `python -m bench.radar`.

The real lobby and the real gate, in simulated time: no network, no clock, and the same seed gives the same run. Around
them people and bots, who behave as pages do, and of whom only the book that is kept here knows which they are.

    people, bots ── a page each ──► gate ──► lobby ── effects, orders ──► gate, pages
         └──────────── who is what ──► the book ──► tables, plots, verdicts
"""
