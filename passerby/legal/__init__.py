"""The legal pages: privacy policy, terms, contact and imprint, facts. Complete documents that need no script.

    settings ──────► here.py ──┐
    the constants ─► facts.py ─┼─► pages.py ─► {"/legal/en/privacy": b"<!doctype html>…", …}
    webclient/legal ► texts.py ┘        what was said when: versions.py, `python -m passerby.legal`
"""
