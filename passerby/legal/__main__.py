"""`python -m passerby.legal`: records the newest version of the legal texts; `--check` only looks."""

import argparse
import sys

from passerby.legal import texts, versions


def main() -> int:
    """Record, or check; then say what has drifted. The exit code is 1 when something has."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, only tell")
    place = texts.folder()
    if not parser.parse_args().check and versions.record(place):
        sys.stdout.write(f"recorded version {texts.history(place)[0].number}\n")
    drifted = versions.drift(place)
    sys.stderr.writelines(f"{line}\n" for line in drifted)
    return 1 if drifted else 0


if __name__ == "__main__":
    raise SystemExit(main())
