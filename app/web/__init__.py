"""The pages."""

from flask import Flask

from app.settings.model import Settings
from app.web.account.views import account
from app.web.admin.views import admin
from app.web.auth.views import auth
from app.web.changes.views import changes
from app.web.closure import register_closure
from app.web.costs import register_costs
from app.web.error_pages import register_error_pages
from app.web.filters import register_filters
from app.web.forms import register_forms
from app.web.groups.views import groups
from app.web.health.views import health
from app.web.login import register_login
from app.web.logs import register_logs
from app.web.look.views import look
from app.web.metrics.views import metrics
from app.web.origin import register_origin
from app.web.scaling.views import scaling
from app.web.security import register_security
from app.web.static_files import register_static_files
from app.web.trail.views import trail
from app.web.typed import register_typed


def register_web(app: Flask, settings: Settings) -> None:
    """Put the pages and what guards them into the application."""
    register_logs(app, settings)
    register_origin(app)
    register_security(app, settings)
    register_static_files(app)
    register_forms(app)
    register_login(app)
    register_error_pages(app)
    register_filters(app, settings)
    register_costs(app)
    register_closure(app)
    register_typed(app)
    parts = (auth, account, groups, changes, scaling, trail, admin, health, metrics, look)
    for blueprint in parts:
        app.register_blueprint(blueprint)
