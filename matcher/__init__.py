"""The actors on the ground: who is here, who waits, who is paired with whom, and the service that tells them.

Everything here but `service` is pure: it is handed the time and the randomness, and answers with a list of effects.
"""
