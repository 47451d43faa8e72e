"""The ground of Passerby: what may be said, by whom, and what enforces it.

Everything here but `messages`, `wire` and the `engines` is pure and needs only the standard library, because it is
loaded inside brokers, in whatever Python their machine has.
"""
