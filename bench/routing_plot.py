"""Draws what `bench.routing` measured: one small chart for each of the four, both engines in it."""

from pathlib import Path
from typing import Any, Final

TITLES: Final = {
    "toPeer": "a message to a peer",
    "toService": "a message to the service",
    "connect": "a coming, with SUBSCRIBE",
    "disconnect": "a going",
}
STYLES: Final = {"stock amqtt": ("#b4532a", "s--"), "ours": ("#2f6f8f", "o-")}


def draw(report: dict[str, Any], path: Path) -> None:
    """Write an SVG that is the same for the same report."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "passerby", "font.size": 9, "svg.fonttype": "none"})
    figure, charts = plt.subplots(1, len(TITLES), figsize=(11, 3.2), layout="constrained")
    for chart, (name, title) in zip(charts, TITLES.items(), strict=True):
        for engine, by_size in report["cpuMs"].items():
            color, style = STYLES[engine]
            sizes = [int(size) for size in by_size]
            chart.plot(sizes, [figures[name] for figures in by_size.values()], style, color=color, label=engine)
        chart.set(title=title, xlabel="peers", ylim=(0, None))
        chart.spines[["top", "right"]].set_visible(False)
        chart.grid(alpha=0.25)
    charts[0].set_ylabel("broker CPU, ms")
    charts[0].legend(frameon=False)
    packages = report["packages"]
    figure.supxlabel(
        f"{report['date']}, {report['cores']} shared cores, {report['system']}, Python {report['python']}, "
        f"amqtt {packages['amqtt']}, aiohttp {packages['aiohttp']}",
        fontsize=7,
        color="#666666",
    )
    figure.savefig(path, metadata={"Date": None, "Creator": None})
