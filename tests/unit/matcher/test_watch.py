"""How the peace is kept: verdicts carried out or held back, the books, reports, the desk; effect by effect."""

from typing import TypeVar

import pytest

from broker import orders
from broker.addresses import DAY_S, AddressKey
from broker.desk import (
    ROWS_MAX,
    Answer,
    Ask,
    BanList,
    Denied,
    Done,
    ListBans,
    ListReports,
    Look,
    OrderBan,
    OrderLift,
    ReportList,
    SetEffort,
    View,
)
from broker.identity import PeerId
from broker.messages import (
    VERSION,
    Banned,
    Bars,
    Here,
    Leave,
    Matched,
    On,
    Ping,
    Refused,
    Report,
    ReportReason,
    Tally,
    Welcome,
)
from broker.networks import read
from broker.orders import BanNetwork, Kick, Lift, LiftNetwork, Networks
from broker.stamps import solve
from matcher.address_keys import Place
from matcher.bans import LADDER_S, code_of
from matcher.bouncer import KICK_S
from matcher.conduct import Reason
from matcher.effects import Effect, Order, Reply, Send
from matcher.events import Asked, Connected, Heard, Nonsense, Reopened
from matcher.policing import Policing
from matcher.reports import WAITING_S
from matcher.scores import Level
from matcher.suspicion import Verdict
from tests.unit.matcher.world import World, ended, life_id, peer_id, to

DAY = 19_000
ID = "i" * 11
A = TypeVar("A", bound=Answer)


@pytest.fixture
def world() -> World:
    """Four are here, each at an address key of its own."""
    world = World()
    for letter in "abcd":
        world.comes(letter, letter)
    return world


def key(letter: str) -> AddressKey:
    return AddressKey(DAY, letter * 22)


def code(letter: str) -> str:
    return code_of(letter * 22, DAY)


def sentence(world: World, name: str, level: Level = Level.BAN, *, spared: bool = False) -> list[Effect]:
    return world.lobby.sentence(Verdict(level, peer_id(name), Place(key(name), spared), Reason.RHYTHM), world.now)


def ordered(effects: list[Effect]) -> list[orders.Order]:
    return [effect.order for effect in effects if isinstance(effect, Order)]


def asked(world: World, ask: Ask, kind: type[A]) -> tuple[A, list[orders.Order]]:
    """Ask at the desk; gives the answer, and what gates are to do for it."""
    effects = world.lobby.step(Asked("ann", ask), world.now)
    [reply] = [effect for effect in effects if isinstance(effect, Reply)]
    assert (reply.operator, reply.answer.id) == ("ann", ask.id)
    assert isinstance(reply.answer, kind)
    return reply.answer, ordered(effects)


def bans(world: World) -> list[str]:
    return [ban.code for ban in asked(world, ListBans(id=ID), BanList)[0].bans]


# ── verdicts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_is_kicked_hears_why_first_and_its_stranger_hears_nothing_of_it(world: World) -> None:
    """The stranger is told what it is told of any end."""
    session = world.talk("a", "b")
    effects = sentence(world, "a", Level.KICK)
    notice = to(effects, "a", Banned)
    assert (notice.reason, notice.seconds, notice.code) == ("rhythm", KICK_S, code("a"))
    assert effects.index(Send(peer_id("a"), notice)) < effects.index(Order(Kick(peer_id("a"))))
    assert ended("b", session, "left") in effects
    assert world.heads() == (3, 0, 0)


def test_a_ban_meets_everybody_at_the_address_key(world: World) -> None:
    """Each is told; the order comes last."""
    world.comes("e", "a")
    world.join("e")
    effects = sentence(world, "a")
    assert {to(effects, name, Banned).seconds for name in "ae"} == {LADDER_S[0]}
    assert effects[-1] == Order(orders.Ban(key("a"), LADDER_S[0], "rhythm"))
    assert world.heads() == (3, 0, 0)
    assert sentence(world, "a") == []  # it is on its way out


def test_the_second_ban_lasts_longer_and_after_a_day_all_is_forgotten(world: World) -> None:
    """15 minutes, an hour, a day."""
    for lasts_s in (*LADDER_S, LADDER_S[-1]):
        [ban] = ordered(sentence(world, "a"))
        assert isinstance(ban, orders.Ban)
        assert ban.seconds == lasts_s
        world.now += lasts_s
        world.wait(1)
        assert bans(world) == []
    world.now += DAY_S
    world.wait(1)
    [ban] = ordered(sentence(world, "a"))
    assert isinstance(ban, orders.Ban)
    assert ban.seconds == LADDER_S[0]


def test_the_contact_is_told_with_the_ban(world: World) -> None:
    """Where the operator gave one."""
    world.police(Policing(contact="help@example.org"))
    assert to(sentence(world, "a"), "a", Banned).contact == "help@example.org"


def test_the_breaker_keeps_all_but_a_few_and_then_a_share(world: World) -> None:
    """Three in a small place; one in fifty of many; kicks and bans together; and all again when the time is up."""
    effects = [effect for name in "abcd" for effect in sentence(world, name)]
    assert [type(order) for order in ordered(effects)] == [orders.Ban] * 3
    assert world.lobby.stats(world.now).held_back["breaker"] == 1
    for index in range(500):
        world.gate(On(peer=peer(index), address=f"{index:022d}", day=DAY))
        world.lobby.step(Heard(peer(index), Here(life=life_id(1), version=VERSION)), world.now)
    out = 0
    for index in range(500):
        place = Place(AddressKey(DAY, f"{index:022d}"), spared=False)
        out += bool(world.lobby.sentence(Verdict(Level.KICK, peer(index), place, Reason.PACE), world.now))
    assert out + 3 == int(0.02 * 504)
    world.now += KICK_S
    place = Place(AddressKey(DAY, f"{499:022d}"), spared=False)
    assert world.lobby.sentence(Verdict(Level.KICK, peer(499), place, Reason.PACE), world.now)


def test_no_more_bans_a_minute_than_the_operator_lets(world: World) -> None:
    """What is too much is a kick."""
    world.police(Policing(bans_per_minute=1, ban_share=1.0))
    kinds = [type(order) for name in "abc" for order in ordered(sentence(world, name))]
    assert kinds == [orders.Ban, Kick, Kick]
    world.now += 60
    assert [type(order) for order in ordered(sentence(world, "d"))] == [orders.Ban]


@pytest.mark.parametrize("level", [Level.KICK, Level.BAN])
def test_in_a_dry_run_and_for_the_spared_it_is_only_counted(world: World, level: Level) -> None:
    """By what held it back."""
    assert sentence(world, "a", level, spared=True) == []
    world.police(Policing(dry_run=True))
    assert sentence(world, "b", level) == []
    stats = world.lobby.stats(world.now)
    assert (stats.held_back["spared"], stats.held_back["dry-run"]) == (1, 1)
    assert stats.verdicts[level.word, "rhythm"] == 2
    assert world.heads() == (4, 0, 0)


def test_nonsense_is_judged_by_the_lobby_itself(world: World) -> None:
    """The topic proves whose it was. It takes a second reason to be put out."""
    effects: list[Effect] = []
    for _ in range(20):
        effects += world.lobby.step(Nonsense(peer_id("a")), world.now)
    assert effects == []
    for ticket in range(30):
        effects += world.join("a", ticket)
    assert to(effects, "a", Banned).reason in ("pace", "protocol")


# ── apart ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def suspect(world: World, *names: str) -> None:
    world.gate(*(Tally(what="malformed", count=2, peer=peer_id(name)) for name in names))


def worked(world: World, name: str, ticket: int) -> list[Effect]:
    """Join, and do the work that is asked for."""
    challenge = to(world.join(name, ticket), name, Refused).challenge
    assert challenge is not None
    return world.join(name, ticket, stamp=solve(challenge))


def test_suspects_meet_each_other_and_work_for_it(world: World) -> None:
    """Whoever else waits waits on; a stamp costs no second wish."""
    world.join("a")
    suspect(world, "c", "d")
    assert worked(world, "c", 1) == []
    assert to(worked(world, "d", 1), "c", Matched) is not None
    assert world.heads() == (4, 1, 0)


def test_who_is_set_apart_and_finds_nobody_is_let_out(world: World) -> None:
    """After twenty seconds."""
    suspect(world, "c")
    assert worked(world, "c", 1) == []
    world.join("a")
    assert world.wait(19) == []
    assert to(world.wait(1), "a", Matched) is not None


def test_who_was_let_out_and_stands_well_again_waits_like_anybody(world: World) -> None:
    """Whoever joins meets it once, and it leaves nothing behind."""
    suspect(world, "c")
    worked(world, "c", 1)
    world.wait(21)
    world.ping("a", "b", "c", "d")
    world.police(Policing(dry_run=True))
    world.say("c", Ping(life=life_id(1)))
    assert to(world.join("a"), "c", Matched) is not None
    assert world.join("b") == []
    assert to(world.join("d"), "b", Matched) is not None


def test_one_who_is_suspected_while_it_waits_is_set_apart_with_its_next_sign(world: World) -> None:
    """It was in the pool as anybody."""
    world.join("c")
    suspect(world, "c")
    world.ping("c")
    assert world.join("a") == []
    assert world.heads() == (4, 2, 0)


# ── gates and restarts ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("event", [Connected(), Reopened()])
def test_gates_that_begin_anew_are_told_of_bans_and_networks(world: World, event: Connected | Reopened) -> None:
    """In parts, where there are many; the first takes the place of what there was."""
    world.police(Policing(banned_networks=tuple(f"10.{n}.0.0/16" for n in range(90)), never_ban=("192.0.2.0/24",)))
    sentence(world, "a")
    world.now += 100
    told = ordered(world.lobby.step(event, world.now))
    parts = [order for order in told if isinstance(order, Networks)]
    assert [part.more for part in parts] == [False, True, True]
    assert [str(network) for part in parts for network in part.banned] == [f"10.{n}.0.0/16" for n in range(90)]
    assert parts[0].never == (read("192.0.2.0/24"),)
    assert orders.Ban(key("a"), LADDER_S[0] - 100, "rhythm") in told
    assert all(len(orders.write(order)) <= orders.ORDER_BYTES for order in told)


def test_a_service_that_begins_anew_learns_bans_from_the_gates(world: World) -> None:
    """With reason and code; who is there all the same is put out."""
    sentence(world, "a")
    world.restart()
    world.comes("b", "b")
    effects = world.gate(
        Bars(address="a" * 22, day=DAY, seconds=700, reason="rhythm"),
        Bars(address="b" * 22, day=DAY, seconds=700, reason="operator"),
    )
    assert bans(world) == sorted([code("a"), code("b")])
    assert to(effects, "b", Banned).seconds == 700
    world.gate(Bars(address="b" * 22, day=DAY, seconds=0, reason="lifted"))
    assert bans(world) == [code("a")]


# ── reports and blocks ───────────────────────────────────────────────────────────────────────────────────────────────


def report(world: World, name: str, session: str, reason: ReportReason = "spam") -> int:
    """Let a peer report its stranger; gives how many reports have counted."""
    assert world.say(name, Report(life=life_id(1), session=session, reason=reason)) == []
    return sum(world.lobby.stats(world.now).reports.values())


def test_a_report_counts_once_a_side_and_only_of_a_talk(world: World) -> None:
    """During it and for a minute after; never by who was not in it."""
    met = world.meet("a", "b")
    assert report(world, "a", met) == 0
    world.say("a", Leave(life=life_id(1), session=met, mood="failed"))
    session = world.talk("c", "d")
    assert report(world, "a", session) == 0
    assert [report(world, "c", session) for _ in range(3)] == [1, 1, 1]
    world.say("c", Leave(life=life_id(1), session=session, mood="blocked"))
    for _ in range(2):
        world.wait(25)
        world.ping("c", "d")
    assert report(world, "d", session) == 2
    world.wait(20)
    assert report(world, "d", session) == 2


def test_what_a_minor_is_concerned_in_waits_for_a_person(world: World) -> None:
    """It says how many said so, and whether it is still here; nobody is put out for it by us."""
    for ticket, stranger in enumerate("bcd", 1):
        session = world.talk("a", stranger, ticket)
        report(world, stranger, session, "minor")
        world.say("a", Leave(life=life_id(1), session=session, mood="left"))
    [waiting] = asked(world, ListReports(id=ID), ReportList)[0].reports
    assert (waiting.code, waiting.reason, waiting.strangers, waiting.here) == (code("a"), "minor", 3, True)
    done, told = asked(world, OrderBan(id=ID, target=waiting.code.lower(), seconds=3600, reason="minor"), Done)
    assert told == [orders.Ban(key("a"), 3600.0, "minor")]
    assert code("a") in done.text
    assert asked(world, ListReports(id=ID), ReportList)[0].reports == []


def test_what_nobody_looks_at_is_forgotten(world: World) -> None:
    """After half a day."""
    report(world, "a", world.talk("a", "b"), "minor")
    world.now += WAITING_S + 1
    world.wait(1)
    assert world.lobby.stats(world.now).waiting_reports == 0


# ── the desk ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_operators_ban_is_held_back_by_nothing_but_the_never_ban_list(world: World) -> None:
    """No breaker, no dry run."""
    world.police(Policing(dry_run=True, bans_per_minute=0, ban_share=0))
    sentence(world, "a")
    report(world, "b", world.talk("a", "b"), "minor")
    asked(world, OrderBan(id=ID, target=code("a"), seconds=60, reason="operator"), Done)
    assert bans(world) == [code("a")]
    world.comes("e", "e", spared=True)
    report(world, "c", world.talk("e", "c", 2), "minor")
    denied, _ = asked(world, OrderBan(id=ID, target=code("e"), seconds=60, reason="operator"), Denied)
    assert "never_ban" in denied.text


def test_a_ban_is_lifted_by_its_code_however_it_is_typed(world: World) -> None:
    """The gate hears of it at once."""
    sentence(world, "a")
    _, told = asked(world, OrderLift(id=ID, target=f" {code('a').lower()} ".strip()), Done)
    assert told == [Lift(key("a"))]
    assert bans(world) == []


def test_networks_are_for_the_gates_to_look_up(world: World) -> None:
    """The service knows no addresses, and a network that is too large is refused in words."""
    _, told = asked(world, OrderBan(id=ID, target="203.0.113.7/24", seconds=60, reason="operator"), Done)
    assert told == [BanNetwork(read("203.0.113.0/24"), 60, "operator")]
    _, told = asked(world, OrderLift(id=ID, target="203.0.113.9"), Done)
    assert told == [LiftNetwork(read("203.0.113.9"))]
    for target, says in (("10.0.0.0/8", "banned_networks"), ("nonsense", "no address")):
        denied, told = asked(world, OrderBan(id=ID, target=target, seconds=60, reason="operator"), Denied)
        assert says in denied.text
        assert told == []
        asked(world, OrderLift(id=ID, target=target), Denied)


def test_long_lists_come_in_pages(world: World) -> None:
    """Each one message of 4 KiB at most, none twice and none missing."""
    for index in range(60):
        world.gate(Bars(address=f"{index:022d}", day=DAY, seconds=60 + index, reason="x" * 32))
    seen: list[str] = []
    more = True
    while more:
        page, _ = asked(world, ListBans(id=ID, after=seen[-1] if seen else None), BanList)
        assert len(page.wire()) <= 4096
        assert 0 < len(page.bans) <= ROWS_MAX
        seen += [ban.code for ban in page.bans]
        more = page.more
    assert len(seen) == len(set(seen)) == 60


def test_effort_is_asked_of_everybody_until_it_is_taken_back(world: World) -> None:
    """Then the settings say it again."""
    for bits, effort in ((9, 9), (None, None)):
        asked(world, SetEffort(id=ID, bits=bits), Done)
        challenge = to(world.here("a"), "a", Welcome).challenge
        assert (challenge.effort if challenge else None) == effort


def test_the_view_tells_exact_numbers_and_no_names(world: World) -> None:
    """In one message, however much is going on."""
    world.wait(1)
    world.talk("a", "b")
    world.join("c", 2, mode="video")
    for _ in range(4):
        world.wait(20)
        world.ping("a", "b", "c", "d")
    sentence(world, "d")
    view, _ = asked(world, Look(id=ID), View)
    assert (view.here, view.talking.text, view.waiting.video, view.sessions, view.bans) == (3, 2, 1, 1, 1)
    assert (view.matched_per_min > 0, view.banned_per_hour, view.dry_run) == (True, 1, False)
    assert view.levels.free == 3
    wire = view.wire().decode()
    assert len(wire) <= 4096
    assert not any(name * 22 in wire for name in "abcd")


def peer(index: int) -> PeerId:
    return PeerId(f"n{index:021d}")
