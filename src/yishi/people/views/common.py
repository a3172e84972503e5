"""What every page of this app does alike."""

from django.http import HttpRequest

from yishi.people.actors import Actor


def viewer_of(request: HttpRequest) -> Actor:
    """The viewer of a request."""
    viewer: Actor = request.viewer  # type: ignore[attr-defined]
    return viewer
