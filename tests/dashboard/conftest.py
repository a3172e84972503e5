"""The desk that carries matters along, as in the tests of matters."""

from tests.matters.conftest import desk

__all__ = ["desk"]
