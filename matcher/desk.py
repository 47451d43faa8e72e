"""The desk: what an operator asks of the service, and the answers (`broker.desk`). Numbers and codes, never an id.

What an operator orders is done at once: no breaker and no dry run holds a person's decision back.
"""

from typing import Final, TypeVar, assert_never

from broker import networks, orders
from broker.addresses import AddressKey
from broker.desk import (
    ROWS_MAX,
    Answer,
    Ask,
    Ban,
    BanList,
    Denied,
    Done,
    ListBans,
    ListReports,
    Look,
    OrderBan,
    OrderLift,
    Reported,
    ReportList,
    SetEffort,
)
from matcher.bouncer import Bouncer
from matcher.effects import Order, Outbox
from matcher.policing import Policing
from matcher.presence import Presence
from matcher.reports import Reports
from matcher.stats import Stats

Row = TypeVar("Row")


class Desk:
    """Answers operators."""

    def __init__(
        self, presence: Presence, bouncer: Bouncer, reports: Reports, stats: Stats, outbox: Outbox, policing: Policing
    ) -> None:
        self._presence = presence
        self._bouncer = bouncer
        self._reports = reports
        self._stats = stats
        self._outbox = outbox
        self.policing = policing
        self._effort: int | None = None  # what an operator set, until the service ends or it is set to None again

    @property
    def asked_of_all(self) -> int:
        """How much work is asked of everybody, in bits."""
        return self.policing.effort if self._effort is None else self._effort

    def answer(self, ask: Ask, now: float) -> Answer:
        """Do what is asked, and answer."""
        match ask:
            case Look(id=id_):
                return self._stats.view(id_, self.asked_of_all, now)
            case ListBans(id=id_, after=after):
                bans, more = _page(list(self._bouncer.bans), [bar.code for bar in self._bouncer.bans], after)
                rows = [
                    Ban(
                        code=bar.code,
                        reason=bar.reason,
                        seconds=max(0, round(bar.until - now)),
                        times=bar.times,
                        by=bar.by,
                    )
                    for bar in bans
                ]
                return BanList(id=id_, bans=rows, more=more)
            case ListReports(id=id_, after=after):
                waiting, more = _page(list(self._reports), [report.code for report in self._reports], after)
                reported = [
                    Reported(
                        code=report.code,
                        reason=report.reason,
                        ago=max(0, round(now - report.at)),
                        strangers=len(report.strangers),
                        here=self._presence.is_here(report.peer),
                    )
                    for report in waiting
                ]
                return ReportList(id=id_, reports=reported, more=more)
            case OrderBan():
                return self._ban(ask, now)
            case OrderLift():
                return self._lift(ask)
            case SetEffort(id=id_, bits=bits):
                self._effort = bits
                text = "as the settings say" if bits is None else f"{bits} bits" if bits else "none"
                return Done(id=id_, text=f"Work before a wish: {text}; the radar may ask suspects for more.")
            case _:
                assert_never(ask)

    def _ban(self, ask: OrderBan, now: float) -> Answer:
        address = self._address(ask.target)
        if address is not None and self._bouncer.spares(address):
            return Denied(id=ask.id, text="It comes from a network that the settings name in never_ban.")
        if address is not None:
            bar = self._bouncer.ban(address, ask.reason, ask.seconds, now)
            self._reports.settle(bar.code)
            return Done(id=ask.id, text=f"{bar.code} is banned.")
        network = _network(ask.target)
        if network is None:
            return Denied(id=ask.id, text=_NEITHER)
        if networks.size(network) > networks.PREFIXES_MAX:
            return Denied(
                id=ask.id, text="That is a large network: put it into banned_networks in the settings, or name parts."
            )
        self._outbox.put(Order(orders.BanNetwork(network, ask.seconds, ask.reason)))
        return Done(id=ask.id, text="The gates keep that network out; `passerby bans` lists its codes in a moment.")

    def _lift(self, ask: OrderLift) -> Answer:
        address = self._address(ask.target)
        if address is not None:
            if self._bouncer.bans.get(address) is None:
                self._reports.settle(ask.target)
                return Done(id=ask.id, text="Nobody was banned; the report is settled.")
            self._bouncer.lift(address)
            return Done(id=ask.id, text="The ban is lifted.")
        if self._reports.find(ask.target) is not None:
            self._reports.settle(ask.target)
            return Done(id=ask.id, text="Nobody was banned; the report is settled.")
        network = _network(ask.target)
        if network is None:
            return Denied(id=ask.id, text=_NEITHER)
        if networks.size(network) > networks.PREFIXES_MAX:
            return Denied(id=ask.id, text="That is a large network: name parts of it, or lift by code.")
        self._outbox.put(Order(orders.LiftNetwork(network)))
        return Done(id=ask.id, text="The gates let that network in again, unless the settings ban it.")

    def _address(self, target: str) -> AddressKey | None:
        bar, report = self._bouncer.bans.find(target), self._reports.find(target)
        if bar is not None:
            return bar.address
        if report is None:
            return None
        place = report.place or self._bouncer.place_of(report.peer)  # it may have been told since
        return None if place is None else place.address


_NEITHER: Final = "That is no address or network, and no code of a living ban or a waiting report: it may have run out."


def _network(target: str) -> networks.Network | None:
    try:
        return networks.read(target)
    except ValueError:
        return None


def _page(rows: list[Row], codes: list[str], after: str | None) -> tuple[list[Row], bool]:
    """Give the rows after a code, as many as fit; when the code is gone, from the beginning."""
    start = codes.index(after) + 1 if after in codes else 0
    return rows[start : start + ROWS_MAX], len(rows) > start + ROWS_MAX
