"""What can end a stranger's visit, said so that a person can act on it."""


class Trouble(Exception):
    """Nobody can be met, now or here. The text says why."""


class Away(Trouble):
    """The deployment cannot be reached, or does not answer."""


class Outdated(Trouble):
    """The deployment speaks another version of the protocol."""


class Nobody(Trouble):
    """Nobody came within the time that was given."""


class NoRelay(Trouble):
    """The address cannot be hidden here: there is no relay, or it lets nobody through. Nobody is shown it instead."""


class ShutOut(Trouble):
    """The deployment has banned this peer, or asks it to stay away for a moment.

    `seconds` is for how long, `code` what the operator knows it by, and `contact` whom to ask, if they said so.
    """

    def __init__(self, reason: str, seconds: int, code: str, contact: str | None) -> None:
        ask = f"; ask {contact}, code {code}" if contact else f"; the code is {code}"
        super().__init__(f"shut out for {seconds} s: {reason}{ask}")
        self.reason, self.seconds, self.code, self.contact = reason, seconds, code, contact


class Ended(Trouble):
    """The talk is over, so nothing can be said in it any more."""


class Intruder(Trouble):
    """Somebody sits between the two. `reason` names what did not fit."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"somebody sits between the two: {reason}")
        self.reason = reason
