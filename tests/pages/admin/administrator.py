"""The administrator of the tests and their browser."""

from tests.support.browser import Browser, Page

NAME = "root"
PASSWORD = "an administrator's own phrase"


class AdminBrowser(Browser):
    """A browser that knows the administrator's way in.

    `is_signed_in` stays False: it is about people, whose way out has another address.
    """

    def sign_in_as_admin(self) -> Page:
        """Sign in by the form."""
        self.get("/admin/sign-in")
        return self.submit("Sign in", {"user": NAME, "password": PASSWORD}, to="/admin")

    def freeze(self, reason: str) -> Page:
        """Switch all changes off by the form."""
        self.get("/admin/freeze")
        return self.submit("Freeze changes", {"reason": reason}, to="/admin/freeze")

    def lift_freeze(self) -> Page:
        """Switch them on again."""
        self.get("/admin/freeze")
        return self.submit("Lift the freeze", to="/admin/freeze")
