#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Pictures of documents that never were, for the stories: a passport page with its machine-readable zone in OCR-B, taken
slantwise on a table, with EXIF that says where. Run by Debian's Python, for which Debian's Pillow (python3-pil) is."""
import json
import sys

from PIL import Image, ImageDraw, ImageFilter, ImageFont

OCR_B = "/usr/share/fonts/opentype/ocr-b/OCRB.otf"
PLAIN = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


def check_digit(field):
    value = {c: i for i, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
    return str(sum(value.get(c, 0) * (7, 3, 1)[i % 3] for i, c in enumerate(field)) % 10)


def zone(surname, given, country, number, birth, sex, expiry):
    """Two lines of TD3, ICAO 9303 part 4."""
    first = f"P<{country}{surname}<<{given.replace(' ', '<')}".ljust(44, "<")[:44]
    number = number.ljust(9, "<")
    body = number + check_digit(number) + country + birth + check_digit(birth) + sex + expiry + check_digit(expiry)
    body += "<" * 14 + "0"
    return first, body + check_digit(body[0:10] + body[13:20] + body[21:43])


def font(path, size):
    try:
        return ImageFont.truetype(path, size)
    except OSError:
        return ImageFont.load_default()


def passport(facts, out):
    page = Image.new("RGB", (1800, 1260), (226, 232, 236))
    draw = ImageDraw.Draw(page)
    plain = font(PLAIN, 40)
    draw.rectangle((90, 190, 520, 760), fill=(170, 160, 150))
    draw.ellipse((200, 260, 410, 520), fill=(120, 100, 90))
    for row, text in enumerate(["PASSPORT", facts["surname"], facts["given"], facts["number"]]):
        draw.text((600, 200 + row * 110), text, fill=(30, 30, 70), font=plain)
    for row, line in enumerate(zone(**facts)):
        draw.text((70, 1010 + row * 95), line, fill=(15, 15, 15), font=font(OCR_B, 52))
    table = Image.new("RGB", (2000, 1460), (96, 84, 72))
    table.paste(page, (100, 100))
    table = table.filter(ImageFilter.GaussianBlur(0.7)).rotate(0.6, fillcolor=(96, 84, 72))
    exif = Image.Exif()
    exif[0x010F] = "HomeCamera"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (52.0, 31.0, 12.0), "E", (13.0, 24.0, 18.0)
    table.save(out, quality=90, exif=exif)


def face(out):
    picture = Image.new("RGB", (900, 1200), (200, 205, 210))
    ImageDraw.Draw(picture).ellipse((250, 300, 650, 850), fill=(190, 150, 130))
    picture.save(out, quality=85)


if __name__ == "__main__":
    kind, out, facts = sys.argv[1], sys.argv[2], json.loads(sys.argv[3]) if len(sys.argv) > 3 else {}
    passport(facts, out) if kind == "passport" else face(out)
