"""A crowd: many peers that load a deployment, and a judge of what they lived through.

    habits ──► crowd ──► extra (signals only), actor (real WebRTC) ── all by the same lobby machine
                              └─ notebook ── entries ──► judge ──► verdict

Nobody in it asks the service how things stand: what is judged are the peers' own entries, and nothing else. `habits`,
`entries`, `wishes`, `judge` and `lost` are pure.
"""
