"""`passerby firewall`: keeps floods of who is banned out of this machine."""

from pathlib import Path
from typing import Annotated

import typer


def firewall(
    socket: Annotated[
        Path | None,
        typer.Option(help="Where gates tell; /run/passerby/firewall.sock unless given.", show_default=False),
    ] = None,
    user: Annotated[
        str | None,
        typer.Option(help="Who may tell: the user that the broker runs as, by name or number.", show_default=False),
    ] = None,
    port: Annotated[
        list[int] | None,
        typer.Option(
            min=1,
            max=65_535,
            help="A port where people come in, once for each; 80 and 443 unless given.",
            show_default=False,
        ),
    ] = None,
    show: Annotated[bool, typer.Option("--print", help="Print the rules, and do nothing.")] = False,
) -> None:
    """Have the kernel drop the packets of who is banned and comes again and again, for a minute at a time.

    Gates refuse whoever is banned, also without this; it only makes a flood of them cheaper. It belongs on the machine
    where connections end, beside the gate, which tells it if `firewall` in its settings (or `plugin_opt_firewall` in
    mosquitto.conf) names the socket. It needs nftables, and root or the capability CAP_NET_ADMIN.

    Nothing is written down, and all rules are gone when it ends.

    Example: passerby firewall --user mosquitto
    """
    from passerby import announce, running
    from passerby.firewall import helper, rules

    ports = sorted(set(port or helper.PORTS))
    if show:
        typer.echo(rules.laid(ports), nl=False)
        return
    path = socket or helper.SOCKET
    owner = None if user is None else helper.owner(user)

    async def run() -> None:
        async with helper.running(path, owner, ports) as ended:
            announce.firewall_up(path, ports)
            await running.until_signal(ended)

    running.run(run())
