"""`python -m app.cli.run`: the demonstration, which Ctrl-C ends quietly from its first moment.

Importing the demonstration takes a second, and until it listens to signals itself nothing runs
that would have to be stopped.
"""

import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)

if __name__ == "__main__":
    from app.cli.demo.start import main

    sys.exit(main())
