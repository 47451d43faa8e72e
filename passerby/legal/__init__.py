"""The legal pages: privacy policy, terms, contact and imprint, facts. Complete documents that need no script.

    settings ───────► here.py ──┐
    the constants ──► facts.py ─┼─► pages.py ─► {"/legal/en/privacy": b"<!doctype html>…", …}
    webclient/legal ► texts.py ─┘

What was said when, and whether it is still true, is in versions.py (`python -m passerby.legal`).
"""
