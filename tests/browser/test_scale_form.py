"""The scale form while somebody types: totals and cost, presets in place, nothing typed lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_main_job import sign_in
from tests.support.sandbox import RunningSandbox

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
NOT_YET = ("\N{EN DASH}", "\N{EN DASH}")


@pytest.fixture
def form(open_page: OpenPage, sandbox: RunningSandbox) -> Page:
    """The form of Analytics reporting, on a narrow screen."""
    page: Page = open_page(width=320)
    sign_in(page, sandbox)
    page.goto(f"/groups/{sandbox.service_id('Analytics reporting')}/scale")
    return page


def expect_totals(form: Page, total: str, cost: str) -> None:
    """The summary says so."""
    expect(form.locator('[data-part="total"]')).to_have_text(total)
    expect(form.locator('[data-part="cost"]')).to_have_text(cost)


def test_totals_and_cost_follow_what_is_typed(form: Page) -> None:
    expect_totals(form, "8 to 16 GB", "$0.39 to $0.78")
    form.get_by_label("Replicas").fill("4 replicas")
    form.get_by_label("Maximum memory per replica").select_option("64")
    expect_totals(form, "32 to 256 GB", "$1.56 to $12.49")
    chosen = form.get_by_label("Maximum memory per replica").locator("option:checked")
    expect(chosen).to_have_text("64 GB per replica · 256 GB total")
    form.get_by_label("Minimum memory per replica").select_option("120")
    expect_totals(form, *NOT_YET)
    form.get_by_label("Minimum memory per replica").select_option("8")
    form.get_by_label("Replicas").fill("99")
    expect_totals(form, *NOT_YET)  # more than the group may have
    form.get_by_label("Replicas").fill("many")
    expect_totals(form, *NOT_YET)
    assert form.evaluate("document.documentElement.scrollWidth") <= 320


def test_choices_beyond_the_limit_are_marked_as_replicas_are_typed(form: Page) -> None:
    largest = form.get_by_label("Maximum memory per replica").locator('option[value="120"]')
    expect(largest).to_have_text("120 GB per replica · 120 GB total")
    form.get_by_label("Replicas").fill("5")
    expect(largest).to_have_text("120 GB per replica · 600 GB total · over the limit")
    form.get_by_label("Maximum memory per replica").select_option("120")
    expect(form.locator('[data-part="total"]')).to_have_text(
        "40 to 600 GB, more than the 480 GB allowed"
    )


def test_a_preset_fills_the_form_in_place_and_keeps_what_was_typed(form: Page) -> None:
    form.get_by_label("Reason").fill("Closing the books")
    form.get_by_role("link", name=re.compile("Month end")).click()
    expect(form.get_by_label("Replicas")).to_have_value("4")
    expect(form.get_by_label("Idle timeout")).to_have_value("60")
    expect(form.get_by_label("Reason")).to_have_value("Closing the books")
    # Said once, after a pause.
    expect(form.locator("[data-said]")).to_have_text(
        "Filled in: Month end. Total 64 to 256 GB, about $3.12 to $12.49 per hour while running."
    )
    assert "preset" not in form.url
    current = form.locator(".presets [aria-current]")
    expect(current).to_have_text(re.compile("Month end"))
    form.get_by_label("Replicas").fill("3")
    expect(current).to_have_count(0)
    form.get_by_label("Replicas").fill("4")
    expect(current).to_have_count(1)
    form.get_by_role("button", name="Review changes").click()
    expect(form.locator("main")).to_contain_text("Up to $12.49 per hour (currently up to $0.78)")


def test_without_scripts_the_totals_are_those_of_the_form_as_it_came(
    open_page: OpenPage, sandbox: RunningSandbox
) -> None:
    page: Page = open_page(java_script_enabled=False)
    sign_in(page, sandbox)
    page.goto(f"/groups/{sandbox.service_id('Analytics reporting')}/scale")
    expect_totals(page, "8 to 16 GB", "$0.39 to $0.78")
    expect(page.locator(".presets [aria-current]")).to_have_text(re.compile("Normal"))
    page.get_by_role("link", name=re.compile("Month end")).click()
    expect_totals(page, "64 to 256 GB", "$3.12 to $12.49")
    expect(page.locator(".presets [aria-current]")).to_have_text(re.compile("Month end"))
    expect(page.get_by_label("Replicas")).to_have_value("4")
    page.get_by_role("button", name="Review changes").click()
    expect(page.locator("main")).to_contain_text("64 to 256 GB")
    expect(page.locator("main")).to_contain_text("Up to $12.49 per hour (currently up to $0.78)")


def test_the_first_answers_of_a_group_need_no_scrolling_on_a_laptop(
    open_page: OpenPage, sandbox: RunningSandbox
) -> None:
    page: Page = open_page()
    page.set_viewport_size({"width": 1280, "height": 720})
    sign_in(page, sandbox)
    page.goto(f"/groups/{sandbox.service_id('Analytics reporting')}")
    for text in ("Accepting queries.", "8 to 16 GB total", "In progress None"):
        expect(page.get_by_text(text)).to_be_in_viewport(ratio=1)
    for name in ("Scale this group", "Stop this group …"):
        expect(page.locator(".actions .btn", has_text=name)).to_be_in_viewport(ratio=1)
