"""A peer's place between the broker and a talk: pure, so that a crowd of thousands can use the same as one stranger.

    away ── connected ──► here ── welcome ──► welcomed          and each new life or epoch begins it anew
    idle ── look ──► Search ── matched ──► Match ── opened ──► Talking ── over, leave ──► idle
                       ▲                     │ failed
                       └─────────────────────┘

`machine.Lobby` is what a shell drives; `presence`, `search` and `session` are its parts, `state` its words.
"""
