"""Signing in and out, with a password or by the company's sign-in."""

from flask import Blueprint

sign_in = Blueprint("sign_in", __name__)
