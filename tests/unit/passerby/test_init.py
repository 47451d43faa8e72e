"""What `passerby init` writes, what it refuses, and what it lets be."""

import itertools
import json
import os
import re
import ssl
import stat
import tomllib
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from hatchling.builders.wheel import WheelBuilder

from passerby import keys
from passerby.deployment import folder, texts
from passerby.deployment.choices import Choices
from passerby.deployment.kinds import CLUSTER_COMPOSE, COMPOSE
from passerby.deployment.sources import sources
from passerby.settings import Settings
from passerby.trouble import Trouble

ROOT: Final = Path(__file__).resolve().parents[3]
CHOICES: Final = Choices(
    domain="chat.example.org",
    operator='Ada "the" Walker',
    contact="ada@example.org",
    imprint="Ada Walker\n1 Some Street\n\nSampletown",
    mail="tls@example.org",
    relay=True,
    external_ip="198.51.100.7/10.0.0.5",
    watch=True,
)
SECRETS: Final = ("secrets/keys/keys", "secrets/turn/turn.secret", "secrets/grafana/password")
FILE: Final[dict[str, Any]] = yaml.safe_load((ROOT / COMPOSE).read_text(encoding="utf-8"))
SERVICES: Final[dict[str, dict[str, Any]]] = FILE["services"]
SPREAD: Final[dict[str, Any]] = yaml.safe_load((ROOT / CLUSTER_COMPOSE).read_text(encoding="utf-8"))
SPREAD_SERVICES: Final[dict[str, dict[str, Any]]] = SPREAD["services"]
CLUSTER: Final = replace(CHOICES, mail="", watch=False, cluster=True)


@pytest.fixture
def bring(tmp_path: Path) -> dict[str, Path]:
    """Give two files as all that images are built from: what there is of them is another test's."""
    script = tmp_path / "start"
    script.write_text("#!/bin/sh\n")
    copies = {file: _copy(ROOT / file, tmp_path / file.replace("/", "-")) for file in (COMPOSE, CLUSTER_COMPOSE)}
    return {**copies, "deploy/coturn/start": script}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "place"


def _copy(source: Path, target: Path) -> Path:
    target.write_bytes(source.read_bytes())
    return target


def content(place: Path) -> dict[str, bytes]:
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def env(place: Path) -> dict[str, str]:
    lines = (place / ".env").read_text().splitlines()
    return dict(line.partition("=")[::2] for line in lines if not line.startswith("#"))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# ── a new one ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_one_holds_all_that_compose_asks_for(place: Path, bring: dict[str, Path]) -> None:
    folder.new(place, CHOICES, bring)
    binds = [volume for service in SERVICES.values() for volume in service.get("volumes", [])]
    inside = {bind["source"] for bind in binds if not bind["source"].startswith("image/")}
    assert inside
    assert all((place / source).is_dir() for source in inside)
    assert all(bind["bind"] == {"create_host_path": False} for bind in binds)  # or what is missing would be root's
    assert (place / "compose.yaml").read_bytes() == (ROOT / COMPOSE).read_bytes()
    needed = set(re.findall(r"\$\{(\w+):\?", (ROOT / COMPOSE).read_text()))
    assert needed == {"PASSERBY_USER", "PASSERBY_DOMAIN"}
    assert needed <= env(place).keys()
    told = set(re.findall(r"\$\{(\w+)", (ROOT / COMPOSE).read_text()))
    assert env(place).keys() - {"COMPOSE_PROFILES"} <= told
    assert env(place)["COMPOSE_PROFILES"].split(",") == ["relay", "watch"]
    assert not list(place.glob(".passerby-draft"))


def test_a_cluster_holds_all_that_its_compose_asks_for(place: Path, bring: dict[str, Path]) -> None:
    folder.new(place, CLUSTER, bring)
    binds = [volume for service in SPREAD_SERVICES.values() for volume in service.get("volumes", [])]
    assert all((place / bind["source"]).is_dir() for bind in binds)
    assert all(bind["bind"] == {"create_host_path": False} for bind in binds)
    text = (place / "compose.yaml").read_text()
    assert text == (ROOT / CLUSTER_COMPOSE).read_text()
    assert set(re.findall(r"\$\{(\w+):\?", text)) == {"PASSERBY_USER"} <= env(place).keys()
    assert env(place).keys() - {"COMPOSE_PROFILES"} <= set(re.findall(r"\$\{(\w+)", text))
    secret = {name: (place / name).read_bytes() for name in ("secrets/nodes/cookie", "secrets/turn/turn.secret")}
    assert all(len(each) > 64 and mode(place / name) == 0o600 for name, each in secret.items())
    assert not [*(place / "secrets/tls").iterdir()]  # the operator's
    bring[CLUSTER_COMPOSE].write_text("services: {newer: {}}\n")
    assert folder.update(place, bring) == ["compose.yaml", "image"]
    assert (place / "compose.yaml").read_text() == "services: {newer: {}}\n"
    assert {name: (place / name).read_bytes() for name in secret} == secret


def test_a_cluster_for_a_trial_has_a_certificate_and_who_vouches_for_it(place: Path, bring: dict[str, Path]) -> None:
    folder.new(place, Choices(domain="localhost", cluster=True, local_port=8443), bring)
    context = ssl.create_default_context(cafile=place / "authority.pem")
    assert len(context.get_ca_certs()) == 1
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(place / "secrets/tls/site.pem")
    assert mode(place / "secrets/tls/site.pem") == 0o600


def test_its_settings_are_what_was_chosen(place: Path, bring: dict[str, Path], tmp_path: Path) -> None:
    folder.new(place, CHOICES, bring)
    told = tomllib.loads((place / "settings/passerby.toml").read_text())
    assert told.pop("turn_secret_file") == texts.TURN_SECRET
    secret = place / "secrets/turn/turn.secret"
    chosen = Settings(**told, turn_secret_file=secret)
    assert (chosen.operator, chosen.contact, chosen.imprint) == (CHOICES.operator, CHOICES.contact, CHOICES.imprint)
    assert chosen.turn is not None
    assert chosen.turn.urls == tuple(
        f"{kind}:chat.example.org{way}" for kind, way in (("stun", ""), ("turn", ""), ("turn", "?transport=tcp"))
    )
    assert chosen.turn.secret == secret.read_text().strip()
    assert env(place)["PASSERBY_TURN_EXTERNAL_IP"] == CHOICES.external_ip


def test_without_a_relay_nothing_speaks_of_one(place: Path, bring: dict[str, Path]) -> None:
    folder.new(place, Choices(domain="chat.example.org"), bring)
    assert Settings(**tomllib.loads((place / "settings/passerby.toml").read_text())).turn is None
    assert env(place)["COMPOSE_PROFILES"] == ""
    assert not any("TURN" in name for name in env(place))


def test_a_trial_is_for_this_machine_alone(place: Path, bring: dict[str, Path]) -> None:
    folder.new(place, Choices(domain="localhost", relay=True, local_port=8443), bring)
    told = env(place)
    assert (told["PASSERBY_HTTP"], told["PASSERBY_HTTPS"]) == ("127.0.0.1:0", "127.0.0.1:8443")
    assert told["PASSERBY_TURN_ADDRESS"] == "127.0.0.1"


def test_only_its_owner_reads_secrets_whatever_the_umask(place: Path, bring: dict[str, Path]) -> None:
    before = os.umask(0o000)
    try:
        folder.new(place, CHOICES, bring)
    finally:
        os.umask(before)
    assert {mode(place / name) for name in SECRETS} == {0o600}
    private = {(place / name).parent for name in SECRETS}
    private |= {place / "secrets", *(place / name for name in ("page", "certificates", "numbers"))}
    assert {mode(path) for path in private} == {0o700}
    uid, gid = folder.owner()
    assert {(path.stat().st_uid, path.stat().st_gid) for path in [*private, *(place / name for name in SECRETS)]} == {
        (uid, gid)
    }
    assert env(place)["PASSERBY_USER"] == f"{uid}:{gid}"
    assert uid != 0
    assert keys.read(place / SECRETS[0]).desks


def test_what_is_no_secret_can_be_read_by_all_and_run_where_it_is_a_program(
    place: Path, bring: dict[str, Path]
) -> None:
    before = os.umask(0o077)
    try:
        folder.new(place, CHOICES, bring)
    finally:
        os.umask(before)
    assert mode(place / "image/deploy/coturn/start") == 0o755
    for name in (".env", "compose.yaml", "settings/passerby.toml", "image/deploy/compose.yaml"):
        assert mode(place / name) == 0o644
        assert mode((place / name).parent) == 0o755


def test_no_two_have_the_same_secrets(place: Path, bring: dict[str, Path]) -> None:
    folder.new(place, CHOICES, bring)
    folder.new(place.with_name("other"), CHOICES, bring)
    for name in SECRETS:
        secret = (place / name).read_bytes()
        assert len(secret) > 20
        assert secret != (place.with_name("other") / name).read_bytes()
        assert not any(secret.strip() in each for path, each in content(place).items() if path != name)


# ── what is refused ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_that_is_there_is_overwritten(place: Path, bring: dict[str, Path]) -> None:
    folder.new(place, CHOICES, bring)
    before = content(place)
    with pytest.raises(Trouble, match="init --update"):
        folder.new(place, replace(CHOICES, domain="other.example.org"), bring)
    assert content(place) == before


def test_a_folder_of_somebody_elses_is_refused(place: Path, bring: dict[str, Path]) -> None:
    place.mkdir(parents=True)
    (place / "thesis.txt").write_text("years of work")
    for write in (lambda: folder.new(place, CHOICES, bring), lambda: folder.update(place, bring)):
        with pytest.raises(Trouble):
            write()
    assert content(place) == {"thesis.txt": b"years of work"}


def test_what_was_cut_short_leaves_nothing_that_compose_would_run(
    place: Path, bring: dict[str, Path], tmp_path: Path
) -> None:
    with pytest.raises(Trouble, match="cannot be written"):
        folder.new(place, CHOICES, {**bring, "broker/gate.py": tmp_path / "gone"})
    assert content(place) == {}
    folder.new(place, CHOICES, bring)


@pytest.mark.parametrize(
    ("wrong", "option"),
    [
        ({"domain": "localhost"}, "--domain"),
        ({"domain": "192.0.2.1"}, "--domain"),
        ({"domain": "Chat.example.org"}, "--domain"),
        ({"domain": "chat.example.org { respond x }"}, "--domain"),
        ({"domain": "chat.example.org\nX=1"}, "--domain"),
        ({"domain": "https://chat.example.org"}, "--domain"),
        ({"local_port": 8443}, "--domain"),
        ({"mail": 'a"}@example.org'}, "--mail"),
        ({"mail": "a"}, "--mail"),
        ({"realm": "a b"}, "--realm"),
        ({"external_ip": "198.51.100.7/::1"}, "--external-ip"),
        ({"external_ip": "198.51.100.7\nno-auth"}, "--external-ip"),
        ({"external_ip": "chat.example.org"}, "--external-ip"),
        ({"external_ip": "198.51.100.7", "relay": False}, "--external-ip"),
        ({"cluster": True}, "--mail"),
        ({"cluster": True, "mail": ""}, "--watch"),
        ({"operator": "a\nb"}, "--operator"),
        ({"contact": "c" * 201}, "--contact"),
        ({"imprint": "i" * 2_001}, "--imprint"),
    ],
)
def test_a_choice_that_cannot_be_is_named_before_anything_is_written(
    wrong: dict[str, Any], option: str, place: Path, bring: dict[str, Path]
) -> None:
    with pytest.raises(Trouble, match=option):
        folder.new(place, replace(CHOICES, **wrong), bring)
    assert not place.exists()


# ── an update ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_update_renews_what_is_ours_and_nothing_else(place: Path, bring: dict[str, Path], tmp_path: Path) -> None:
    folder.new(place, CHOICES, bring)
    (place / "compose.override.yaml").write_text("services: {}\n")
    (place / ".env").write_text("PASSERBY_DOMAIN=elsewhere.example.org\n")
    (place / "page" / "index.html").write_text("what a container wrote")
    before = content(place)
    assert folder.update(place, bring) == []
    assert content(place) == before
    bring[COMPOSE].write_text("services: {newer: {}}\n")
    newer = {COMPOSE: bring[COMPOSE], "broker/new.py": _copy(bring["deploy/coturn/start"], tmp_path / "new.py")}
    assert folder.update(place, newer) == ["compose.yaml", "image"]
    after = content(place)
    ours = {"compose.yaml", ".passerby"}
    assert {name for name in after if name.startswith("image/")} == {f"image/{COMPOSE}", "image/broker/new.py"}
    assert after["compose.yaml"] == b"services: {newer: {}}\n"
    rest = {name for name in before if name not in ours and not name.startswith("image/")}
    assert {name: after[name] for name in rest} == {name: before[name] for name in rest}
    assert after.keys() - rest - ours == {f"image/{COMPOSE}", "image/broker/new.py"}
    assert folder.update(place, newer) == []


def test_a_secret_that_a_newer_version_wants_is_drawn_and_no_other(place: Path, bring: dict[str, Path]) -> None:
    folder.new(place, CHOICES, bring)
    before = {name: (place / name).read_bytes() for name in SECRETS}
    (place / SECRETS[2]).unlink()
    (place / SECRETS[2]).parent.rmdir()
    assert folder.update(place, bring) == [SECRETS[2]]
    assert [name for name in SECRETS if (place / name).read_bytes() != before[name]] == [SECRETS[2]]
    assert mode(place / SECRETS[2]) == 0o600


def test_what_an_update_draws_belongs_to_whom_the_others_belong(place: Path, bring: dict[str, Path]) -> None:
    """Also when root does it, who can give it away."""
    folder.new(place, CHOICES, bring)
    if os.geteuid() == 0:
        for path in (place / "secrets", *(place / "secrets").rglob("*")):
            os.chown(path, 1234, 1235)
    (place / SECRETS[1]).unlink()
    (place / SECRETS[1]).parent.rmdir()
    folder.update(place, bring)
    owners = {(path.stat().st_uid, path.stat().st_gid) for path in (place / "secrets").rglob("*")}
    assert owners == {(1234, 1235) if os.geteuid() == 0 else folder.owner()}


def test_a_compose_file_that_somebody_changed_is_kept_beside_it(place: Path, bring: dict[str, Path]) -> None:
    folder.new(place, CHOICES, bring)
    (place / "compose.yaml").write_text("services: {mine: {}}\n")
    assert folder.update(place, bring) == ["compose.yaml.before", "compose.yaml"]
    assert (place / "compose.yaml.before").read_text() == "services: {mine: {}}\n"
    assert (place / "compose.yaml").read_bytes() == bring[COMPOSE].read_bytes()
    (place / "compose.yaml").write_text("services: {mine: {again: {}}}\n")
    with pytest.raises(Trouble, match=r"compose\.override\.yaml"):
        folder.update(place, bring)
    assert (place / "compose.yaml").read_text() == "services: {mine: {again: {}}}\n"


@pytest.mark.parametrize("mark", ["", "[]", "{}", '{"version": 1}'])
def test_a_mark_that_is_none_is_said(mark: str, place: Path, bring: dict[str, Path]) -> None:
    folder.new(place, CHOICES, bring)
    (place / folder.MARK).write_text(mark)
    with pytest.raises(Trouble, match="not as we write it"):
        folder.update(place, bring)


# ── what images are built from ───────────────────────────────────────────────────────────────────────────────────────


def copied(dockerfile: Path) -> set[str]:
    """Give what a Dockerfile takes from its context."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", dockerfile.read_text(encoding="utf-8"), re.MULTILINE)
    return set(itertools.chain.from_iterable(line.split()[:-1] for line in lines))


def test_what_an_installed_package_brings_is_what_a_checkout_brings(tmp_path: Path) -> None:
    """So who has no repository builds the same images."""
    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path)))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    installed, checkout = sources(tmp_path / "site"), sources()
    assert {name: file.read_bytes() for name, file in installed.items()} == {
        name: checkout[name].read_bytes() for name in installed
    }
    assert {name for name in checkout.keys() - installed.keys() if not name.startswith("webclient/legal/")} == set()


def test_what_is_started_in_a_container_is_a_program(tmp_path: Path) -> None:
    """Also where it came by an installer that keeps no rights."""
    brought = {name: file for name, file in sources().items() if name.startswith("deploy/")}
    plain = {name: _copy(file, tmp_path / str(number)) for number, (name, file) in enumerate(brought.items())}
    folder.new(tmp_path / "place", CHOICES, plain)
    image = tmp_path / "place" / "image"
    assert {
        path.relative_to(image).as_posix() for path in image.rglob("*") if path.is_file() and mode(path) & 0o100
    } == {
        "deploy/coturn/healthy",
        "deploy/coturn/start",
        "deploy/mosquitto/healthy",
        "deploy/rabbitmq/healthy",
        "deploy/rabbitmq/start",
    }


@pytest.mark.parametrize(
    "dockerfile", sorted((ROOT / "deploy").glob("*/Dockerfile")), ids=lambda file: file.parent.name
)
def test_what_a_dockerfile_copies_is_brought_and_in_the_checkouts_context(dockerfile: Path) -> None:
    brought = sources()
    shown = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for wanted in copied(dockerfile):
        assert any(name == wanted or name.startswith(f"{wanted}/") for name in brought)
        assert any(f"{wanted}/".startswith(f"{each}/") or f"{each}/".startswith(f"{wanted}/") for each in shown)


def test_no_secret_and_no_leavings_are_brought() -> None:
    for name in sources():
        assert not re.search(r"(^|/)(\.|__pycache__|node_modules|secrets/)|\.(pyc|key|pem)$", name)


# ── compose.yaml ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "service"),
    [*SERVICES.items(), *SPREAD_SERVICES.items()],
    ids=[*SERVICES, *(f"of {n}" for n in SPREAD_SERVICES)],
)
def test_every_container_is_confined_bounded_and_looked_after(name: str, service: dict[str, Any]) -> None:
    assert service["user"].startswith("${PASSERBY_USER:?")
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"mem_limit", "pids_limit"} <= service.keys()
    assert 0 < service["cpus"] <= 1  # more than there are is refused
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    assert not service.keys() & {"privileged", "pid", "ipc", "devices"}
    check = service["healthcheck"]
    assert check == {"disable": True} if name == "page" else check["test"][0] == "CMD"


def test_containers_share_no_more_networks_than_they_need() -> None:
    networks: Mapping[str, set[str]] = {
        network: {name for name, service in SERVICES.items() if network in service.get("networks", ())}
        for network in FILE["networks"]
    }
    assert networks == {
        "front": {"caddy"},
        "people": {"caddy", "mosquitto"},
        "inner": {"mosquitto", "service"},
        "watch": {"service", "prometheus", "grafana"},
        "look": {"grafana"},
    }
    open_ones = {name for name, network in FILE["networks"].items() if not network.get("internal")}
    assert open_ones == {"front", "look"}
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"caddy", "grafana"}
    assert SERVICES["grafana"]["ports"] == ["${PASSERBY_GRAFANA:-127.0.0.1:3000}:3000"]


def test_each_secret_is_seen_by_who_needs_it() -> None:
    def seen(secret: str) -> set[str]:
        return {
            name
            for name, service in SERVICES.items()
            if any(volume["source"] == secret and volume["read_only"] for volume in service.get("volumes", []))
        }

    assert seen("secrets/keys") == {"mosquitto", "service"}
    assert seen("secrets/turn") == {"service", "page", "relay"}
    assert seen("secrets/grafana") == {"grafana"}


def test_in_a_cluster_nobody_outside_reaches_more_than_haproxy_and_the_relay() -> None:
    inside = {name for name, network in SPREAD["networks"].items() if network.get("internal")}
    assert inside == {"edge", "inner"}
    assert {name for name, service in SPREAD_SERVICES.items() if "ports" in service} == {"haproxy"}
    networks = {name: set(service.get("networks", ())) for name, service in SPREAD_SERVICES.items()}
    assert {name for name, of in networks.items() if of - inside} == {"haproxy"}
    assert {name for name, of in networks.items() if {"edge", "inner"} <= of} == {"rb1", "rb2", "rb3"}
    assert {name for name, service in SPREAD_SERVICES.items() if service.get("network_mode") == "host"} == {"relay"}


def test_apart_a_part_is_reached_by_the_others_addresses_and_published_nowhere_else() -> None:
    apart = yaml.safe_load((ROOT / "deploy/cluster/apart.yaml").read_text(encoding="utf-8"))
    assert apart["services"].keys() <= SPREAD_SERVICES.keys()
    for name, service in apart["services"].items():
        number = name[-1]
        assert all(port.startswith(f"${{PASSERBY_{number}}}:") for port in service.get("ports", ()))


def test_nothing_is_reported_home_by_what_watches() -> None:
    assert json.loads((ROOT / "deploy/grafana/passerby.json").read_text())["uid"] == "passerby"
    told = SERVICES["grafana"]["environment"]
    for name in ("ANALYTICS_REPORTING_ENABLED", "ANALYTICS_CHECK_FOR_UPDATES", "NEWS_NEWS_FEED_ENABLED"):
        assert told[f"GF_{name}"] == "false"
