"""The site: pages generated from a release, in the frame that MkDocs gives them."""

from allegata.site.building import build_site, check_site_target, pages_folder
from allegata.site.page import Page, SiteError
from allegata.site.pages import pages_of

__all__ = ["Page", "SiteError", "build_site", "check_site_target", "pages_folder", "pages_of"]
