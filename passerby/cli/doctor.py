"""`passerby doctor`: looks at a deployment from outside."""

from typing import Annotated

import typer

URL = "URL"


def doctor(
    url: Annotated[
        str,
        typer.Argument(
            metavar=URL,
            help="https://HOST is what a browser sees; wss://HOST/mqtt the broker's WebSocket alone; mqtts://HOST:PORT "
            "a TCP listener for peers. Likewise without the s.",
        ),
    ],
    internal: Annotated[
        str | None,
        typer.Option(help="Also see that peers are refused at the internal listener, mqtt://HOST:PORT.", metavar=URL),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Write one JSON document, for machines.")] = False,
    timeout: Annotated[float, typer.Option(min=0.5, max=60, help="Seconds to wait for any one answer.")] = 5.0,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Accept a certificate that nobody vouches for, and say so.")
    ] = False,
) -> None:
    """Look at a deployment from outside, and say of each failure what to do.

    It comes as any browser could and needs no secret. It looks at TLS, the page, its WebSocket, who is let in, whether
    the gate keeps everybody out of what is not theirs, whether the matcher is at work, and whether two peers of its own
    are matched with each other. It disturbs nobody, and takes some seconds.

    - passerby doctor http://localhost:8080
    - passerby doctor https://chat.example.org
    - passerby doctor wss://broker.example.org/mqtt --internal mqtt://10.0.0.5:1883
    - passerby doctor https://chat.example.org --json | jq .counts

    Exit code 0: all is well, or there are warnings only. 1: something has failed. 2: it was called wrongly.
    """
    from passerby import cells, running
    from passerby.doctor import examination, report
    from passerby.doctor.finding import Finding, Outcome
    from passerby.doctor.visit import Wishes, visiting
    from passerby.log import configure
    from stranger.place import Door, Place, read

    def place_of(text: str, hint: str) -> Place:
        try:
            return read(text)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint=hint) from None

    configure("error", "console")
    place = place_of(url, URL)
    behind = None if internal is None else place_of(internal, "--internal")
    if behind is not None and behind.door is not Door.TCP:
        raise typer.BadParameter("it is to be mqtt://HOST:PORT or mqtts://HOST:PORT", param_hint="--internal")
    place = cells.found(place, insecure=insecure)
    findings: list[Finding] = []

    async def run() -> None:
        async with visiting(place, Wishes(timeout, insecure, behind)) as visit:
            async for finding in examination.examine(visit, (lambda _: None) if json else report.starting):
                findings.append(finding)
                if not json:
                    report.line(finding)

    running.run(run())
    if json:
        typer.echo(report.as_json(url, findings))
    else:
        report.end(findings)
    if any(finding.outcome is Outcome.FAILED for finding in findings):
        raise typer.Exit(1)
