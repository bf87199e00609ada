"""The process: reads the settings and builds the application, for gunicorn and for flask."""

import sys
from pathlib import Path

from app.cli.starting import FAULTY_SETTINGS, settings_or_exit
from app.factory import create_app

ROOT = Path(__file__).resolve().parent

# gunicorn's own code for "this application cannot be loaded". After any other it would start
# the worker again for ever.
GUNICORN_CANNOT_LOAD = 4

is_gunicorn = "gunicorn.arbiter" in sys.modules
app = create_app(settings_or_exit(ROOT, GUNICORN_CANNOT_LOAD if is_gunicorn else FAULTY_SETTINGS))
