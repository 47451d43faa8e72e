"""Chat from a terminal with a person in a browser, or at another terminal.

    what is typed ─► commands ─► machine ── effects ──► guest ◄──► stranger.Stranger
                                    ▲                     │ changed
                events, news ───────┴─────────────────────┴─► face: app (textual) or plain (lines)

`machine` decides, `guest` does, a face shows. The two faces differ in nothing but how they look: commands, words and
what happens are the same. What a stranger sent passes `harmless` before it is shown anywhere.
"""
