"""The pages of the administrator's area, each with one thing to look at."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.access.permissions import BUNDLES, Permission
from app.domain.paging import page_of
from app.domain.sessions import by_person
from app.errors import BrokenRules
from app.http.current import portal, settings
from app.services.admin.access_report import in_natural_order
from app.web.admin.access_page import build_answers
from app.web.admin.blueprint import admin
from app.web.admin.forms import NO_TOKEN, AccessSearchForm
from app.web.admin.grid import grid_rows, numbered_rules
from app.web.admin.job_words import JOBS
from app.web.changes.wording import outcome_of
from app.web.formatting.limits import limit_rows
from app.web.login import session_token

GROUPS_ON_A_PAGE = 40
LINES_ON_A_PAGE = 100
SESSIONS_ON_A_PAGE = 40
TOKENS_ON_A_PAGE = 40


@admin.get("")
def show() -> str:
    """How everything stands."""
    administration = portal().administration
    return render_template(
        "admin/show.html",
        overview=portal().admin_reports.overviews.read(),
        freeze=administration.find_freeze(),
        faults=administration.list_file_faults(),
        outcome_of=outcome_of,
    )


@admin.get("/access")
def access() -> str:
    """Who may do what in one warehouse."""
    given = request.args
    matrix = portal().admin_reports.access.show_matrix(
        given.get("warehouse", ""), given.get("people", ""), given.get("groups", "")
    )
    return render_template(
        "admin/access.html",
        matrix=matrix,
        rows=grid_rows(matrix),
        rules=numbered_rules(matrix),
        bundles=[(name, _labels(held)) for name, held in BUNDLES.items()],
        warehouses=portal().administration.list_warehouses(),
        form=AccessSearchForm(meta=NO_TOKEN),
    )


@admin.get("/access/search")
def find_access() -> ResponseReturnValue:
    """What one user or role may do, with the rules that say so."""
    form = AccessSearchForm(request.args, meta=NO_TOKEN)
    try:
        found = portal().admin_reports.access.find(form.user.data or "", form.roles.data or "")
    except BrokenRules as broken:
        form.show(broken.problems)
        return render_template("admin/find_access.html", form=form, answers=None), broken.status
    answers = build_answers(found, request.args.get("page", ""))
    return render_template("admin/find_access.html", form=form, answers=answers)


@admin.get("/limits")
def limits() -> str:
    """What the file allows in each group."""
    warehouses = portal().administration.list_warehouses()
    groups = [group for item in warehouses for group in in_natural_order(item.groups)]
    return render_template(
        "admin/limits.html",
        groups=page_of(groups, request.args.get("page", ""), GROUPS_ON_A_PAGE),
        warehouses={item.key: item for item in warehouses},
        limit_rows=limit_rows,
    )


@admin.get("/sessions")
def sessions() -> str:
    """Everybody who is signed in."""
    administration = portal().administration
    living = page_of(
        by_person(administration.list_sessions()),
        request.args.get("page", ""),
        SESSIONS_ON_A_PAGE,
    )
    return render_template(
        "admin/sessions.html",
        sessions=living,
        names={item.key: item.name for item in administration.list_warehouses()},
        own_session_id=administration.find_session_id(session_token()),
    )


@admin.get("/tokens")
def tokens() -> str:
    """Everybody's tokens for programs."""
    listed = portal().tokens.list_all()
    return render_template(
        "admin/tokens.html",
        tokens=page_of(listed, request.args.get("page", ""), TOKENS_ON_A_PAGE),
        names={item.key: item.name for item in portal().administration.list_warehouses()},
    )


@admin.get("/jobs")
def jobs() -> str:
    """What is done when nobody asks, and by which process."""
    return render_template("admin/jobs.html", worker=portal().processes.read(), meanings=JOBS)


@admin.get("/cloud")
def cloud() -> str:
    """The key, what it may still ask, and whether the file of groups fits what it sees."""
    checks = portal().admin_reports.key.list_checks()  # first, as they let the key be tried again
    difference = portal().admin_reports.key.compare_file()
    lines = difference.list_lines() if difference else ()
    return render_template(
        "admin/cloud.html",
        checks=checks,
        overview=portal().admin_reports.overviews.read(),
        is_read=difference is not None,
        lines=page_of(lines, request.args.get("page", ""), LINES_ON_A_PAGE),
    )


@admin.get("/settings")
def show_settings() -> str:
    """Every setting as the portal understood it."""
    return render_template("admin/show_settings.html", settings=settings().effective)


def _labels(held: frozenset[Permission]) -> str:
    return ", ".join(item.label for item in Permission if item in held)
