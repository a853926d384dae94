"""The pages written by hand are looked at before MkDocs reads them: what could bring the build down has no page.

MkDocs gives front matter to libyaml's composer, which thirty thousand brackets crash, and any shape of text to its
Markdown. Products never come that way (products.py); pages of `docs/` do, and anybody may propose one.
"""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.files import Files

from capitalise import frontmatter
from capitalise.locales import texts
from capitalise.problems import language_of_page

log = get_plugin_logger(__name__)


@event_priority(100)  # i18n is at -100, and other files are added after it
def on_files(files: Files, config: MkDocsConfig) -> Files:
    docs = Path(config.docs_dir)
    told: dict[str, bool] = config.extra.setdefault("unfit", {})  # this event comes again for each language
    for file in [file for file in files.documentation_pages() if file.abs_src_path]:
        path = Path(file.abs_src_path)
        if not path.is_relative_to(docs):
            continue
        name = f"{docs.name}/{path.relative_to(docs).as_posix()}"
        if name not in told:
            told[name] = _is_unfit(path, name)
        if told[name]:
            files.remove(file)
    return files


def _is_unfit(path: Path, name: str) -> bool:
    problem = frontmatter.page_fault(path, name)
    if problem is None:
        return False
    words = texts(language_of_page(name))
    log.error(problem.in_log(words))
    log.error(words("build.document-left-out", file=name))
    return True
