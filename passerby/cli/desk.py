"""`passerby bans`, `reports`, `ban`, `lift`, `effort`: what an operator asks of the matcher while it runs."""

import json as json_module
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from passerby.cli.options import AsJson, Broker, Config, DeskName, KeysFile, Pid
from passerby.keys import OPERATOR

if TYPE_CHECKING:
    from broker.desk import Answer, Ask

A = TypeVar("A", bound="Answer")

Target = Annotated[
    str,
    typer.Argument(
        metavar="TARGET",
        help="An appeal code, an address, or a network in CIDR notation.",
    ),
]


def bans(
    config: Config = None,
    broker: Broker = None,
    keys: KeysFile = None,
    desk: DeskName = OPERATOR,
    pid: Pid = None,
    json: AsJson = False,
) -> None:
    """List the living bans, those that end first first.

    A ban keeps an address out for a while, a day at most. The code stands for the address, which nobody here knows; the
    banned person sees it, too, and can tell it to you. Networks that are banned in the settings are not listed.

    Example: passerby bans --json | jq '.bans[].code'
    """
    from broker.desk import Ban, BanList, ListBans
    from passerby import durations, tables
    from passerby.desk import fresh_id

    inquiry = _Inquiry(config, broker, keys, desk, pid)
    found: dict[str, Ban] = {}
    after, news = None, True
    while news:
        page = inquiry.ask(ListBans(id=fresh_id(), after=after), BanList)
        # A list whose last code is gone by now begins anew; then it may hold nothing new.
        news = page.more and any(each.code not in found for each in page.bans)
        found |= {each.code: each for each in page.bans}
        after = page.bans[-1].code if page.bans else None
    if json:
        typer.echo(json_module.dumps({"bans": [each.model_dump(by_alias=True) for each in found.values()]}))
        return
    rows = [
        (each.code, each.reason, durations.tell(each.seconds), f"{each.times}.", each.by) for each in found.values()
    ]
    tables.show(("code", "reason", "for another", "time", "by"), rows, "Nobody is banned.")


def reports(
    config: Config = None,
    broker: Broker = None,
    keys: KeysFile = None,
    desk: DeskName = OPERATOR,
    pid: Pid = None,
    json: AsJson = False,
) -> None:
    """List the reports that want a person's eyes, the newest first.

    What was said is nowhere to be read: nobody has it but the two. What there is to go by is how many different
    strangers said the same. Ban by the code, or do not.

    Example: passerby reports, then: passerby ban CODE --for 24h --reason seen
    """
    from broker.desk import ListReports, Reported, ReportList
    from passerby import durations, tables
    from passerby.desk import fresh_id

    inquiry = _Inquiry(config, broker, keys, desk, pid)
    found: dict[str, Reported] = {}
    after, news = None, True
    while news:  # as with bans
        page = inquiry.ask(ListReports(id=fresh_id(), after=after), ReportList)
        news = page.more and any(each.code not in found for each in page.reports)
        found |= {each.code: each for each in page.reports}
        after = page.reports[-1].code if page.reports else None
    if json:
        typer.echo(json_module.dumps({"reports": [each.model_dump(by_alias=True) for each in found.values()]}))
        return
    rows = [
        (each.code, each.reason, f"{durations.tell(each.ago)} ago", str(each.strangers), "yes" if each.here else "no")
        for each in found.values()
    ]
    tables.show(("code", "reason", "when", "strangers", "here"), rows, "No report waits.")


def ban(
    target: Target,
    seconds: Annotated[
        str, typer.Option("--for", metavar="DURATION", help="For how long: 90s, 15m, 1h, at most 24h.")
    ] = "1h",
    reason: Annotated[str, typer.Option(help="One word, told to who is banned: small letters and -.")] = "operator",
    config: Config = None,
    broker: Broker = None,
    keys: KeysFile = None,
    desk: DeskName = OPERATOR,
    pid: Pid = None,
) -> None:
    """Ban a network, or who has this appeal code, for a while.

    Whoever is there is disconnected at once and told the reason. A ban is kept in memory only. What is to be banned for
    good goes into the settings, as `banned_networks`.

    - passerby ban 8F3KM-Q2P9A --for 24h --reason seen
    - passerby ban 203.0.113.0/24 --for 15m
    """
    from broker.desk import Done, OrderBan
    from passerby.desk import fresh_id

    wanted, for_s, word = _target(target), _duration(seconds), _word(reason)
    inquiry = _Inquiry(config, broker, keys, desk, pid)
    done = inquiry.ask(OrderBan(id=fresh_id(), target=wanted, seconds=for_s, reason=word), Done)
    typer.echo(done.text)


def lift(
    target: Target,
    config: Config = None,
    broker: Broker = None,
    keys: KeysFile = None,
    desk: DeskName = OPERATOR,
    pid: Pid = None,
) -> None:
    """Lift a ban: that with this appeal code, or those of a network.

    Networks that the settings ban stay banned: take them out there, it takes effect within seconds.

    Example: passerby lift 8F3KM-Q2P9A
    """
    from broker.desk import Done, OrderLift
    from passerby.desk import fresh_id

    wanted = _target(target)
    inquiry = _Inquiry(config, broker, keys, desk, pid)
    typer.echo(inquiry.ask(OrderLift(id=fresh_id(), target=wanted), Done).text)


def effort(
    bits: Annotated[
        str | None,
        typer.Argument(metavar="[BITS|auto]", help="0 is off, 16 a moment, 20 a bad flood; auto: as the settings say."),
    ] = None,
    config: Config = None,
    broker: Broker = None,
    keys: KeysFile = None,
    desk: DeskName = OPERATOR,
    pid: Pid = None,
) -> None:
    """Show how much work is asked of everybody before a wish, or ask for another amount.

    It lasts until the matcher ends, or `auto`. The radar asks some for more, whatever is set here.

    - passerby effort
    - passerby effort 18
    - passerby effort auto
    """
    from broker.desk import Done, Look, SetEffort, View
    from passerby.desk import fresh_id

    wanted = _bits(bits)
    inquiry = _Inquiry(config, broker, keys, desk, pid)
    if bits is None:
        asked = inquiry.ask(Look(id=fresh_id()), View).effort
        typer.echo(f"{asked} bits are asked of everybody." if asked else "No work is asked of everybody.")
    else:
        typer.echo(inquiry.ask(SetEffort(id=fresh_id(), bits=wanted), Done).text)


class _Inquiry:
    """Asks as this desk. The settings are read when it is made."""

    def __init__(self, config: Config, broker: Broker, keys: KeysFile, name: str, pid: Pid) -> None:
        from passerby import desk, settings
        from passerby.log import configure

        chosen = settings.load(config, broker=broker, keys=keys)
        configure("error", chosen.log_format)
        self._access = desk.access(chosen, name, pid=pid, broker_given=broker is not None)

    def ask(self, question: "Ask", wanted: type[A]) -> A:
        """Ask, and wait for the answer.

        Raises:
            DeskTrouble: when there is none, or it is no.
        """
        import asyncio

        from passerby import desk

        return asyncio.run(desk.ask(self._access, question, wanted))


def _target(text: str) -> str:
    import re

    from passerby import networks

    code = text.replace(" ", "")  # as people type what they read aloud
    if re.fullmatch(r"[A-Za-z0-9_-]{1,32}", code):
        return code
    try:
        return networks.read(text)
    except ValueError as error:
        raise typer.BadParameter(f"neither an appeal code nor a network: {error}", param_hint="TARGET") from None


def _duration(text: str) -> int:
    from passerby import durations

    try:
        seconds = durations.read(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--for") from None
    if seconds > durations.read("24h"):
        raise typer.BadParameter(
            "a ban lasts 24 h at most; what is to be banned for good goes into the settings, as `banned_networks`",
            param_hint="--for",
        )
    return seconds


def _word(text: str) -> str:
    import re

    if not re.fullmatch(r"[a-z-]{1,32}", text):
        raise typer.BadParameter("one word of small letters and -", param_hint="--reason")
    return text


def _bits(text: str | None) -> int | None:
    from broker.messages import EFFORT_MAX

    if text is None or text == "auto":
        return None
    if not text.isdecimal() or int(text) > EFFORT_MAX:
        raise typer.BadParameter(f"a number from 0 to {EFFORT_MAX}, or auto", param_hint="BITS")
    return int(text)
