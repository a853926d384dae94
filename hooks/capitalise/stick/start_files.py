"""What stands at the root of a copy, beside its folder: a start in each language, and two ways to check the copy.

The checks need nothing installed: PowerShell 2.0 comes with Windows 7, and a shell with everything else.
"""

from __future__ import annotations

from markupsafe import Markup

from capitalise import policy
from capitalise.locales import Texts, texts
from capitalise.stick.about import About
from capitalise.stick.manifest import FOLDER, NAME
from capitalise.wayback import PATH

MARK = "capitalise usb"
"""In each of these files: such a one may be replaced by the next copy, another one never."""
WINDOWS, SHELL = "VERIFIER.bat", "verify.sh"

_STYLE = """
:root { color-scheme: light dark }
body { font: 1.1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; max-width: 42rem; margin: 2rem auto;
  padding: 0 1rem; color: #222; background: #fff }
h1 { line-height: 1.2 } h2 { font-size: 1.1rem; margin: 2rem 0 .3rem } p { margin: .3rem 0 }
a { color: #1f5d50 }
.open { display: inline-block; margin: 1rem 0; padding: .8rem 1.4rem; border-radius: .4rem; color: #fff;
  background: #1f5d50; font-weight: 700; text-decoration: none }
.write { display: inline-block; margin: 0 0 1.2rem }
svg { display: block; width: 11rem; height: auto; margin: .6rem 0; background: #fff }
small { color: #555 }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #1b1d1c } a { color: #8fd0bf }
  .open { color: #06231c; background: #8fd0bf } small { color: #bbb } }
"""


def files(about: About, number: str, listed: int) -> dict[str, bytes]:
    """Name of each file and its bytes.

    `number` is the copy's, `listed` how many files its manifest names beside these.
    """
    names = start_names(about.languages)
    total = listed + len(names) + 2
    made = {names[lang]: _start(about, number, lang, names).encode() for lang in about.languages}
    spoken = [texts(lang) for lang in about.languages]
    made[WINDOWS] = _windows(spoken, total).replace("\n", "\r\n").encode()
    made[SHELL] = _shell(spoken, total).encode()
    return made


def start_names(languages: tuple[str, ...]) -> dict[str, str]:
    """Language → name of its start; a language whose texts name none gets its code."""
    names: dict[str, str] = {}
    for lang in languages:
        name = texts(lang)("copy.start")
        names[lang] = name if name not in names.values() else name.replace(".html", f"-{lang}.html")
    return names


def qr(address: str) -> Markup:
    """The address as a QR code: an SVG drawing."""
    import segno

    return Markup(segno.make(address, error="m", micro=False).svg_inline(scale=4, border=4, omitsize=True))


def _start(about: About, number: str, lang: str, names: dict[str, str]) -> str:
    t = texts(lang)
    folder = "" if lang == about.languages[0] else f"{lang}/"
    home, form = f"{folder}index.html", f"{folder}{PATH}.html"
    others = Markup(" · ").join(
        Markup('<a href="{}" lang="{}" hreflang="{}">{}</a>').format(name, other, other, texts(other)("language.name"))
        for other, name in names.items()
        if other != lang
    )
    newer = Markup("")
    if about.address:
        newer = Markup('<h2>{}</h2>\n<p>{} <a href="{}">{}</a></p>\n{}\n').format(
            t("copy.newer"), t("copy.newer.how"), about.address, about.address, qr(about.address)
        )
    if whom := [one for one in (about.phone, about.contact) if one]:
        newer += Markup("<p>{} {}</p>\n").format(t("copy.contact"), " · ".join(whom))
    return str(
        Markup(
            '<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">\n'
            '<meta http-equiv="Content-Security-Policy" content="{policy}"><title>{name}</title>\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="generator" content="{mark}">\n<style>{style}</style></head>\n<body>\n'
            "<p>{others}</p>\n<h1>{name}</h1>\n<p>{description}</p>\n"
            '<p><a class="open" href="{folder}/{number}/{home}">{open}</a></p>\n'
            '<p><a class="write" href="{folder}/{number}/{form}">{write}</a></p>\n'
            "<p>{built}<br><small>{identity}</small></p>\n<p>{offline}</p>\n{newer}"
            "<h2>{check}</h2>\n<p>{how}</p>\n</body></html>\n"
        ).format(
            lang=lang,
            name=about.name,
            mark=MARK,
            policy=policy.alone(_STYLE),
            style=Markup(_STYLE),
            others=others,
            description=t("site.description"),
            folder=FOLDER,
            number=number,
            home=home,
            open=t("copy.open"),
            form=form,
            write=t("wayback.start"),
            built=t("copy.built", date=t.date(about.built), products=t.count("count.products", about.products)),
            identity=t("copy.identity", number=number, version=about.version),
            offline=t("copy.offline"),
            newer=newer,
            check=t("copy.check"),
            how=t("copy.check.how", windows=WINDOWS, shell=SHELL),
        )
    )


def _said(spoken: list[Texts], key: str, **values: object) -> str:
    """A text in every language of the copy: who checks a copy may speak any of them."""
    return " / ".join(t(key, **values) for t in spoken)


def _windows(spoken: list[Texts], total: int) -> str:
    def text(key: str, **values: object) -> str:
        return "'" + _said(spoken, key, **values).replace("'", "''").replace("’", "''") + "'"

    # PowerShell reads this very file, from its mark on: a person sees one file, and nothing is unpacked.
    return f"""@echo off
rem {MARK}
setlocal
set "CAPITALISE_SELF=%~f0"
cd /d "%~dp0"
set "CAPITALISE_RUN=$t = [IO.File]::ReadAllText($env:CAPITALISE_SELF); iex $t.Substring($t.IndexOf('#' + 'BEGIN#'))"
powershell -NoProfile -ExecutionPolicy Bypass -Command "%CAPITALISE_RUN%"
set CODE=%errorlevel%
echo.
pause
exit /b %CODE%
#BEGIN#
$bad = 0
$seen = 0
$sha = New-Object Security.Cryptography.SHA256Managed
$here = (Get-Location).ProviderPath
$list = Join-Path $here '{NAME}'
if (-not (Test-Path -LiteralPath $list)) {{ Write-Host {text("copy.no-list")}; exit 1 }}
foreach ($line in [IO.File]::ReadAllLines($list)) {{
  if ($line -notmatch '^([0-9a-f]{{64}})  (.+)$') {{ $bad++; continue }}
  $hash = $matches[1]; $path = $matches[2]; $seen++
  $part = [Math]::Min(100, 100 * $seen / {total})
  Write-Progress -Activity {text("copy.checking")} -Status $path -PercentComplete $part
  $whole = Join-Path $here $path
  if (-not (Test-Path -LiteralPath $whole -PathType Leaf)) {{
    $bad++; Write-Host ({text("copy.missing")} + '  ' + $path); continue
  }}
  try {{
    $stream = [IO.File]::OpenRead($whole)
    try {{ $bytes = $sha.ComputeHash($stream) }} finally {{ $stream.Close() }}
    $found = [BitConverter]::ToString($bytes).Replace('-', '').ToLower()
  }} catch {{ $found = '' }}
  if ($found -ne $hash) {{ $bad++; Write-Host ({text("copy.altered")} + '  ' + $path) }}
}}
if ($seen -ne {total}) {{ $bad++; Write-Host {text("copy.cut-list", total=total)} }}
if ($bad) {{ Write-Host {text("copy.bad")}; exit 1 }}
Write-Host {text("copy.good", total=total)}
exit 0
"""


def _shell(spoken: list[Texts], total: int) -> str:
    def text(key: str, **values: object) -> str:
        return "'" + _said(spoken, key, **values).replace("'", "’") + "'"

    return f"""#!/bin/sh
# {MARK}: sh {SHELL}
cd "$(dirname "$0")" || exit 2
if command -v sha256sum >/dev/null 2>&1; then sum() {{ sha256sum "$1"; }}
elif command -v shasum >/dev/null 2>&1; then sum() {{ shasum -a 256 "$1"; }}
else sum() {{ openssl dgst -sha256 -r "$1"; }}
fi
[ -f {NAME} ] || {{ echo {text("copy.no-list")}; exit 1; }}
bad=0 seen=0
while IFS=' ' read -r hash path; do
    seen=$((seen + 1))
    if [ ! -f "$path" ]; then
        bad=$((bad + 1)); echo {text("copy.missing")}"  $path"
    else
        found=$(sum "$path" 2>/dev/null) || found=
        if [ "${{found%% *}}" != "$hash" ]; then
            bad=$((bad + 1)); echo {text("copy.altered")}"  $path"
        fi
    fi
done <{NAME}
if [ "$seen" -ne {total} ]; then
    bad=$((bad + 1)); echo {text("copy.cut-list", total=total)}
fi
if [ "$bad" -ne 0 ]; then
    echo {text("copy.bad")}
    exit 1
fi
echo {text("copy.good", total=total)}
"""
