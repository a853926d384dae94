"""What a site says of itself: its names, addresses, licence and repository. Read from `mkdocs.yml` by a hook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from capitalise.addresses import Addresses
from capitalise.stick.downloads import Download


@dataclass(frozen=True)
class Settings:
    """One site."""

    name: str
    addresses: Addresses
    languages: tuple[str, ...]
    """Codes of the languages of the site, the default one first."""
    publisher: str = ""
    """Who runs the site (`site_author`)."""
    licence: str = "CC-BY-SA-4.0"
    """SPDX id of the licence of a product that says no other."""
    repository: str = ""
    """Web address of the source's repository, without a closing slash; empty where there is none."""
    branch: str = "main"
    contact: str = ""
    """E-mail or web address of the publisher."""
    phone: str = ""
    """The publisher's telephone or WhatsApp number, for the start and the label of a copy."""
    description: Mapping[str, str] = field(default_factory=dict)
    """Language → one sentence on the site."""
    built: date | None = None
    """The day of the build."""
    downloads: tuple[Download, ...] = ()
    """The offline copies that it offers."""
    stylesheets: tuple[str, ...] = ()
    """Addresses of the stylesheets that each page has before ours."""
    is_copy: bool = False
    """Whether it is an offline copy."""

    @property
    def default_lang(self) -> str:
        """The language at the root of the site."""
        return self.addresses.default_lang

    def edit_url(self, file: str) -> str:
        """Where a person mends a file on the web, whose editor proposes the change; empty without a repository."""
        return f"{self.repository}/edit/{self.branch}/{file}" if self.repository else ""

    def new_url(self, folder: str, name: str) -> str:
        """Where a person starts a new file on the web."""
        return f"{self.repository}/new/{self.branch}/{folder}?filename={name}" if self.repository else ""


LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC-BY-NC-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "CC-BY-NC-SA-4.0": "https://creativecommons.org/licenses/by-nc-sa/4.0/",
    "CC-BY-ND-4.0": "https://creativecommons.org/licenses/by-nd/4.0/",
    "CC-BY-NC-ND-4.0": "https://creativecommons.org/licenses/by-nc-nd/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
"""Web address of a licence by its SPDX id."""
