"""Options that several commands share. `None` means: not given here, so file and environment decide."""

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[Path | None, typer.Option("--config", "-c", help="A TOML file with settings.", show_default=False)]
Host = Annotated[
    str | None,
    typer.Option(help="The address people come in at: 127.0.0.1 is this machine only, 0.0.0.0 all networks."),
]
Port = Annotated[int | None, typer.Option(help="The port of the page and its WebSocket; 0 takes any free one.")]
KeysFile = Annotated[
    Path | None, typer.Option("--keys", help="The keys file that broker and matcher share.", show_default=False)
]
Effort = Annotated[
    int | None,
    typer.Option(
        help="Work that a browser does before each wish, in bits, against programs; 0 is off. 16 is a moment."
    ),
]
LogLevel = Annotated[str | None, typer.Option(help="debug, info, warning or error. No level shows who is talking.")]
Broker = Annotated[
    str | None,
    typer.Option(help="The broker's internal listener, mqtt://HOST:PORT or mqtts://HOST:PORT.", show_default=False),
]
DeskName = Annotated[str, typer.Option("--desk", help="The desk to ask from, as the keys file calls it.")]
Pid = Annotated[
    int | None,
    typer.Option(help="Of several `passerby up` on this machine, the one with this process id.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write one JSON document, for machines.")]
