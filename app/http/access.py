"""Every route stands in exactly one of these lists; one that stands in none is refused.

A test walks the routes and holds the lists to them.
"""

SHARED = frozenset({"static", "bootstrap.static", "docs.asset"})
"""Files that are the same for everybody and may be kept by browsers and caches."""

PUBLIC = frozenset(
    {
        "admin.sign_in",
        "sign_in.form",
        "sign_in.begin_company",
        "sign_in.go_company",
        "sign_in.finish_company",
        "sign_in.leave_company",
        "sign_in.switch",
        "monitoring.alive",
        "monitoring.ready",
        "theme.choose",
    }
)
"""Open to people who are not signed in."""

WATCHING = frozenset({"monitoring.metrics"})
"""For programs that watch the portal; the view itself asks where they are, or for their token."""

POLLED = frozenset(
    {"sign_in.session_live", "groups.index_live", "groups.show_live", "changes.show_live"}
)
"""Fragments that open pages ask for by themselves: no activity, so they keep no session alive."""

SIGNED_IN = frozenset(
    {
        "sign_in.sign_out",
        "sign_in.stay",
        "sign_in.prove_again",
        "account.show",
        "account.end_session",
        "account.sign_out_everywhere",
        "account.refresh_roles",
        "tokens.new",
        "tokens.create",
        "tokens.revoke",
        "groups.home",
        "groups.index",
        "groups.show",
        "groups.mark",
        "changes.begin",
        "changes.scale",
        "changes.propose",
        "changes.review",
        "changes.confirm",
        "changes.show",
        "changes.close",
        "spend.index",
        "schedules.index",
        "schedules.show",
        "schedules.edit",
        "schedules.save",
        "schedules.order",
        "boosts.extend",
        "boosts.end",
        "boosts.take_over",
        "audit.show",
        "audit.export",
        "activity.index",
        "help.show",
        "reference.show",
    }
)
"""For people who are signed in; what they may do is decided for each group."""

ADMIN = frozenset(
    {
        "admin.sign_out",
        "admin.show",
        "admin.access",
        "admin.find_access",
        "admin.limits",
        "admin.sessions",
        "admin.tokens",
        "admin.freezes",
        "admin.jobs",
        "admin.cloud",
        "admin.show_settings",
        "admin.end_session",
        "admin.end_sessions_of",
        "admin.revoke_token",
        "admin.freeze",
        "admin.lift_freeze",
        "audit.show_all",
        "audit.export_all",
    }
)
"""For the administrator, and for nobody else; none of them changes a group."""

OF_EVERY_SESSION = frozenset({"sign_in.session_live", "sign_in.stay"})
"""Those of the people's routes that an administrator's session needs as well."""

API = frozenset(
    {
        "api.list_groups",
        "api.list_activity",
        "api.show_group",
        "api.list_changes",
        "api.show_load",
        "api.list_spend",
        "api.show_spend",
        "api.create_change",
        "api.show_change",
        "api.change_state",
        "api.create_boost",
        "api.list_boosts",
        "api.show_boost",
        "api.extend_boost",
        "api.end_boost",
        "api.take_over_boost",
        "api.show_schedule",
        "api.put_schedule",
        "api.delete_schedule",
        "api.hand_over_schedule",
        "api.take_back_schedule",
        "api.list_tokens",
        "api.revoke_token",
        "legacy.scale",
        "legacy.show_state",
        "legacy.show_config",
        "legacy.show_ip_access_list",
        "legacy.show_details",
        "docs.show",
        "docs.document",
        "docs.root_document",
        "docs.reference",
    }
)
"""For programs: no session counts there; `app.api` itself asks for name and password."""

RECORDED_READS = frozenset({"audit.export", "audit.export_all"})
"""Readings that the audit log records in somebody's name: no other site may ask for them."""
