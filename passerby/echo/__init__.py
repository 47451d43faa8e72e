"""A friendly bot for whoever tries Passerby alone: it says back what is said, and is marked as a bot in its name.

manners      when it looks for somebody: never in the place of another person (decision 35). Pure
answers      what it does about a line. Pure
picture tune pictures and tunes that it makes up
conversation one talk
bots         several of them, who take turns
house        them in the process of the service
"""

from typing import Final

MARK: Final = " (a bot)"
"""At the end of every name that it has, so that nobody takes it for a person."""

NICKNAME: Final = f"Echo{MARK}"
