#!/usr/bin/env python3
"""Makes the font files beside this script anew: subset.py FOLDER

FOLDER holds what two packages of Debian 12 bring, unpacked (`apt-get download`, `dpkg-deb -x`):

    fonts-noto-core  20201225-1             NotoSans-Regular.ttf, NotoSans-Bold.ttf
    fonts-noto-cjk   1:20220127+repack1-1   NotoSansCJK-Regular.ttc, NotoSansCJK-Bold.ttc

It needs fonttools (4.68.0, from PyPI). What it takes of them:

    NotoSans      Latin with all its extensions, Greek, Cyrillic, punctuation, currency signs
    NotoSansCJK   all 11,172 syllables of Hangul; KS X 1001, JIS X 0208 and GB 2312 in whole;
                  kana and the wide and narrow forms

The regular weight of the second keeps the forms of Chinese and Korean beside those of Japan
(`locl`); in bold, all have those of Japan, as the file would grow by a third.
"""

import os
import sys

from fontTools import subset

HERE = os.path.dirname(os.path.abspath(__file__))
ROW = range(0xA1, 0xFF)


def charset(codec):
    """All characters of two bytes of a national standard, as its EUC form has them."""
    found = set()
    for first in ROW:
        for second in ROW:
            try:
                found.add(ord(bytes([first, second]).decode(codec)))
            except UnicodeDecodeError:
                pass
    return found


WESTERN = set().union(
    range(0x20, 0x7F),
    range(0xA0, 0x250),
    range(0x2B0, 0x530),
    range(0x1E00, 0x2070),
    range(0x2070, 0x20D0),
    range(0x2100, 0x2200),
)

# What is below U+2000 in the standards of East Asia is Greek and Cyrillic, which the first has.
EASTERN = {
    char
    for codec in ("euc_kr", "euc_jp", "gb2312")
    for char in charset(codec)
    if char >= 0x2000
} | set().union(range(0xAC00, 0xD7A4), range(0x3000, 0x3190), range(0xFF01, 0xFFEF))


def make(source, face, chars, features, scripts, target):
    options = subset.Options()
    options.font_number = face
    options.layout_features = features
    options.layout_scripts = scripts
    options.hinting = False
    options.glyph_names = False
    options.notdef_outline = True
    options.name_languages = [0x409]
    options.name_IDs = ["*"]
    # The font's own time, and not that of this run: the same bytes again.
    options.recalc_timestamp = False
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx"]
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=chars)
    subsetter.subset(font)
    path = os.path.join(HERE, target)
    font.save(path)
    print(target, len(font.getGlyphOrder()), "glyphs,", os.path.getsize(path), "bytes")


def main(folder):
    found = {}
    for parent, _, names in os.walk(folder):
        found.update((name, os.path.join(parent, name)) for name in names)
    western = ["ccmp", "kern", "locl", "mark", "mkmk"]
    forms = ["DFLT.dflt"] + [
        f"{script}.{language}"
        for script in ("hani", "kana", "hang")
        for language in ("dflt", "KOR ", "ZHS ")
    ]
    for weight in ("Regular", "Bold"):
        make(found[f"NotoSans-{weight}.ttf"], 0, WESTERN, western, ["*"], f"NotoSans-{weight}.ttf")
        locl = ["locl"] if weight == "Regular" else []
        # The first face has Japan's forms where nothing else is asked for.
        source = found[f"NotoSansCJK-{weight}.ttc"]
        make(source, 0, EASTERN, locl, forms, f"NotoSansCJK-{weight}.otf")


if __name__ == "__main__":
    main(sys.argv[1])
