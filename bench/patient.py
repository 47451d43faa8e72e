"""A matcher whose wishes never widen: `python -m bench.patient OPTIONS OF PASSERBY MATCHER`.

After five seconds a wish is widened, so of two who wait for different topics the matcher makes a pair. To have
thousands wait at once, as a busy evening has them, that is switched off here; all else is the matcher as it is.
"""

import sys

import matcher.wishes
from passerby.cli import main

if __name__ == "__main__":
    matcher.wishes.PATIENCE_S = float("inf")  # type: ignore[misc]  # final for everybody else
    sys.argv = ["passerby", "matcher", *sys.argv[1:]]
    main()
