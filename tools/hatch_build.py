"""Puts the built page, the legal texts, the configuration of Mosquitto and what images are built from into the wheel.

`webclient/dist` becomes `passerby/page`, `webclient/legal` becomes `passerby/legal/texts`, and what is of use to
`passerby init` alone goes below `passerby/bundle` (`passerby/deployment/sources.py` looks for it there). An editable
install needs no copy (the command reads the checkout), and a wheel built without the page is still good for the service
alone, so a missing page is said aloud and not refused.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUNDLED = ("LICENSE", "README.md", "deploy", "pyproject.toml", "requirements/run.lock", "tools/hatch_build.py")


class PageHook(BuildHookInterface):
    """Force-includes the page when there is one."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the page; hatchling calls this before each wheel, with `version` "standard" or "editable"."""
        if version == "editable":
            return
        build_data["force_include"][str(Path(self.root, "mosquitto.conf"))] = "passerby/mosquitto.conf"
        for name in BUNDLED:
            build_data["force_include"][str(Path(self.root, name))] = f"passerby/bundle/{name}"
        texts = Path(self.root, "webclient", "legal")
        for file in texts.rglob("*"):
            if file.is_file() and file.suffix in (".html", ".json", ".md", ".toml"):
                inside = file.relative_to(texts).as_posix()
                build_data["force_include"][str(file)] = f"passerby/legal/texts/{inside}"
        page = Path(self.root, "webclient", "dist")
        if (page / "index.html").is_file():
            build_data["force_include"][str(page)] = "passerby/page"
        else:
            self.app.display_warning("webclient/dist is missing: this wheel will not contain the page")
