"""Who is asking: the owner of the token, or nobody. Sessions and cookies do not count here."""

from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer

from yishi.core import clock
from yishi.network.selectors import viewer_of_account
from yishi.network.viewers import Viewer, nobody
from yishi.people.services.tokens import use_token


def _identify(request: HttpRequest, secret: str) -> Viewer:
    at = clock.now()
    token = use_token(secret, at)
    if token is None:
        raise AuthenticationError
    viewer = viewer_of_account(token.user, at, second_factor=token.second_factor)
    request.scopes = frozenset(token.scopes)  # type: ignore[attr-defined]
    request.viewer = viewer  # type: ignore[attr-defined]
    return viewer


class Token(HttpBearer):
    """A token is needed."""

    openapi_name = "token"

    def __call__(self, request: HttpRequest) -> Viewer:
        """The viewer of the token.

        Raises:
            AuthenticationError: no token, or one that is unknown, ended or revoked.
        """
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secret:
            raise AuthenticationError
        return _identify(request, secret.strip())

    def authenticate(self, request: HttpRequest, token: str) -> Viewer:
        """Ninja's hook; the same as calling it."""
        return _identify(request, token)


class Anyone(Token):
    """A token may be given; without one the viewer is nobody. A wrong one is refused all the same."""

    openapi_name = "token"

    def __call__(self, request: HttpRequest) -> Viewer:
        if "Authorization" in request.headers:
            return super().__call__(request)
        viewer = nobody(clock.now())
        request.scopes = frozenset()  # type: ignore[attr-defined]
        request.viewer = viewer  # type: ignore[attr-defined]
        return viewer
