"""Puts the built page, and the configuration of Mosquitto, into the wheel.

`webclient/dist` becomes `passerby/page`. An editable install needs no copy (the command reads the checkout), and a
wheel built without the page is still good for the service alone, so a missing page is said aloud and not refused.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PageHook(BuildHookInterface):
    """Force-includes the page when there is one."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the page; hatchling calls this before each wheel, with `version` "standard" or "editable"."""
        if version == "editable":
            return
        build_data["force_include"][str(Path(self.root, "mosquitto.conf"))] = "passerby/mosquitto.conf"
        page = Path(self.root, "webclient", "dist")
        if (page / "index.html").is_file():
            build_data["force_include"][str(page)] = "passerby/page"
        else:
            self.app.display_warning("webclient/dist is missing: this wheel will not contain the page")
