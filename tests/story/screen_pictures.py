#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A screenshot as a phone takes it, for the stories: argument 1 the file, then its lines; the first is a heading. Run by
Debian's Python, for which Debian's Pillow (python3-pil) is."""
import sys

from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"


def screenshot(lines):
    screen = Image.new("RGB", (1080, 2000), "#ffffff")
    draw = ImageDraw.Draw(screen)
    draw.text((60, 30), "9:41", fill="#333333", font=ImageFont.truetype(FONT, 36, index=2))
    y = 180
    for number, line in enumerate(lines):
        size = 72 if number == 0 else 44
        draw.text((80, y), line, fill="#222222", font=ImageFont.truetype(FONT, size, index=2))
        y += size * 2
    return screen


if __name__ == "__main__":
    screenshot(sys.argv[2:]).save(sys.argv[1])
