"""Who listens to what: an index of all subscriptions, asked for every message.

Pure. Knows clients by name and nothing else of them. What a question costs depends on how many listen to *that* topic,
never on how many subscriptions there are:

    filter without a wildcard ─► one look into a dictionary       every peer's: its inbox, its seats, the pulse
    filter with a wildcard    ─► compared, one after the other    a handful: the policy grants them to the service only
    client that leaves        ─► its own filters, from its own list
"""

from broker.topics import has_wildcard, matches

Listeners = dict[str, int]
"""The QoS that each client was granted, by its name."""


class Routes:
    """All subscriptions of one broker. A client holds a filter once; holding it anew changes the QoS."""

    def __init__(self) -> None:
        self._exact: dict[str, Listeners] = {}
        self._wild: dict[str, Listeners] = {}
        self._held: dict[str, set[str]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._held.values()))

    def add(self, name: str, filter_: str, qos: int) -> None:
        """Let a client listen."""
        self._shelf(filter_).setdefault(filter_, {})[name] = qos
        self._held.setdefault(name, set()).add(filter_)

    def remove(self, name: str, filter_: str) -> bool:
        """Let a client listen no more; false when it did not."""
        held = self._held.get(name)
        if held is None or filter_ not in held:
            return False
        held.discard(filter_)
        if not held:
            del self._held[name]
        shelf = self._shelf(filter_)
        del shelf[filter_][name]
        if not shelf[filter_]:
            del shelf[filter_]
        return True

    def forget(self, name: str) -> None:
        """Take away all that a client holds."""
        for filter_ in list(self._held.get(name, ())):
            self.remove(name, filter_)

    def holds(self, name: str, filter_: str) -> bool:
        """Tell whether a client listens with this very filter."""
        return filter_ in self._held.get(name, ())

    def listeners(self, topic: str) -> Listeners:
        """Give who is to get a message on this topic: each once, at the best QoS of its filters (MQTT 3.1.1 §3.3.5)."""
        found = dict(self._exact.get(topic, ()))
        for filter_, holders in self._wild.items():
            if matches(filter_, topic):
                for name, qos in holders.items():
                    found[name] = max(qos, found.get(name, 0))
        return found

    def _shelf(self, filter_: str) -> dict[str, Listeners]:
        return self._wild if has_wildcard(filter_) else self._exact
