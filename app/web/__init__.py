"""The pages."""

from flask import Flask

from app.settings.model import Settings
from app.web.account.views import account
from app.web.activity.views import activity
from app.web.addresses import register_addresses
from app.web.admin import sections as admin_sections
from app.web.admin import views as admin_views
from app.web.admin.blueprint import admin
from app.web.admission import register_admission
from app.web.audit.views import audit
from app.web.boosts.views import boosts
from app.web.changes import changes, scale_views, views
from app.web.drawn_once import register_drawn_once
from app.web.error_pages import register_error_pages
from app.web.form_drafts import register_form_drafts
from app.web.formatting.comparison import register_comparison
from app.web.formatting.costs import register_costs
from app.web.formatting.filters import register_filters
from app.web.formatting.sizes import register_sizes
from app.web.forms import register_forms
from app.web.freeze import register_freeze
from app.web.groups.views import groups
from app.web.help.views import help_pages
from app.web.login import register_login
from app.web.monitoring.views import monitoring
from app.web.navigation import register_navigation
from app.web.schedules.views import schedules
from app.web.sign_in import company_views, sign_in
from app.web.sign_in import views as sign_in_views
from app.web.spend.views import spend
from app.web.static_files import register_static_files
from app.web.theme import theme
from app.web.tokens.views import tokens
from app.web.warehouses import register_warehouses


def register_web(app: Flask, settings: Settings) -> None:
    """Put the pages and what guards them into the application."""
    register_static_files(app)
    register_addresses(app)
    register_navigation(app)
    register_drawn_once(app)
    register_warehouses(app)
    register_forms(app)
    register_login(app)
    register_admission(app)
    register_error_pages(app)
    register_filters(app, settings)
    register_sizes(app)
    register_costs(app)
    register_comparison(app)
    register_freeze(app)
    register_form_drafts(app)
    # Importing them adds their routes to the blueprints.
    _ = scale_views, views, company_views, sign_in_views, admin_sections, admin_views
    of_groups = (groups, changes, boosts, schedules, activity, spend, audit)
    of_people = (sign_in, account, tokens, help_pages)
    for blueprint in (*of_people, *of_groups, admin, monitoring, theme):
        app.register_blueprint(blueprint)
