"""Pictures made of HTML and SVG, in the colours of the theme and with a text that says the same."""

from allegata.site.figures.paths import Paths, paths
from allegata.site.figures.profiles import Profile, profiles
from allegata.site.figures.ranges import Range, compared

__all__ = ["Paths", "Profile", "Range", "compared", "paths", "profiles"]
