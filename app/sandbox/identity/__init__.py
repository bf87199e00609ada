"""A company's own sign-in beside the sandbox: a real OpenID provider (idpyoidc) as a process."""
