"""A small client of a Headway server: dataset versions, and their files."""

from headway.client import Headway, Version
from headway.errors import HeadwayError, WrongDigest

__all__ = ["Headway", "HeadwayError", "Version", "WrongDigest"]
