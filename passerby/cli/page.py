"""`passerby page`: the page as a folder, for a web server of one's own."""

from pathlib import Path
from typing import Annotated

import typer

from passerby.cli.options import Config


def page(
    folder: Annotated[
        Path, typer.Argument(help="Where to write it: a new or empty folder, or one that was written by this before.")
    ],
    config: Config = None,
) -> None:
    """Write the whole page into a folder, for a web server of your own.

    Brokers serve the page themselves, so you need this only if something else is to do it: Caddy, which also gets the
    certificate, or any web server that can send a file.

    - FOLDER/www is what to serve: files with compressed forms (.br, .gz) beside them, `index.html` with what your
      settings say (`operator`, `ads_url`, TURN), and the legal pages.
    - FOLDER/headers.caddy has the headers and cache rules, for Caddy. Without them the page is not protected.

    Run it again after an upgrade or a change of the settings, also while it is being served: who has the page open
    keeps theirs.

    Example: passerby page /srv/passerby --config /etc/passerby.toml
    """
    from passerby import announce
    from passerby import folder as folders
    from passerby.settings import load

    announce.page_written(folder, folders.write(folder, load(config)))
