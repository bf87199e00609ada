"""`python -m tests.bench`. The processes that are started load this file too, so it does little."""

import sys

if __name__ == "__main__":
    from tests.bench.run import main

    sys.exit(main())
