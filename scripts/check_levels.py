#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps the arrows between the rooms pointing down (ARCHITECTURE.md), from the first commit and without exceptions.

A room includes rooms of lower levels only, never a neighbour, never another room's impl/ (only `server` may, to pick an
engine). What it includes it also names in its CMakeLists.txt, directly or through a room it names, and nothing else.
"""
import argparse
import os
import pathlib
import re
import sys
import tempfile

from house import LEVEL

INCLUDE = re.compile(r'\s*#\s*include\s*(["<])([^">]+)[">]')
ROOM_CALL = re.compile(r"^\s*okpay_room\s*\((.*?)\)", re.DOTALL | re.MULTILINE)
KEYWORDS = {"SHARDS", "PCH", "DEPENDS", "EXTERNAL", "TEST_DEPENDS"}


def dependencies(text: str) -> dict[str, list[str]]:
    """The keyword arguments of okpay_room(...) in a CMakeLists.txt; "name" holds the first one."""
    call = ROOM_CALL.search(re.sub(r"#[^\n]*", "", text))
    if not call:
        return {}
    parts: dict[str, list[str]] = {"name": []}
    current = "name"
    for word in call[1].split():
        if word in KEYWORDS:
            current = word
            parts.setdefault(current, [])
        else:
            parts[current].append(word)
    return parts


def closure(room: str, direct: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [room]
    while waiting:
        for below in direct.get(waiting.pop(), ()):
            if below not in seen:
                seen.add(below)
                waiting.append(below)
    return seen


def may_see(room: str, other: str) -> bool:
    return other == room or LEVEL[other] < LEVEL[room]


def check_cmake(src: pathlib.Path, wrong: list[str]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    links: dict[str, set[str]] = {}
    test_links: dict[str, set[str]] = {}
    for path in sorted(src.glob("*/CMakeLists.txt")):
        room = path.parent.name
        parts = dependencies(path.read_text())
        if not parts:
            wrong.append(f"{path}: no okpay_room(...)")
            continue
        if parts["name"] != [room]:
            wrong.append(f"{path}: the room is called {' '.join(parts['name'])}, its folder {room}")
        for word in ("DEPENDS", "TEST_DEPENDS", "EXTERNAL"):
            for target in parts.get(word, []):
                other = target.removeprefix("okpay_")
                if word == "DEPENDS" and other not in LEVEL:
                    wrong.append(f"{path}: DEPENDS {target} is no room; a library goes to EXTERNAL")
                elif other in LEVEL and (word == "DEPENDS" or target != other):
                    if other == room or not may_see(room, other):
                        wrong.append(f"{path}: {room} must not link {other}")
                    (test_links if word == "TEST_DEPENDS" else links).setdefault(room, set()).add(other)
    return links, test_links


def check(src: pathlib.Path) -> list[str]:
    wrong: list[str] = []
    for folder in sorted(p for p in src.iterdir() if p.is_dir()):
        if folder.name not in LEVEL:
            wrong.append(f"{folder}: a room without a level; name it in scripts/house.py and ARCHITECTURE.md")
    links, test_links = check_cmake(src, wrong)
    for path in sorted(src.rglob("*.[ch]pp")):
        room = path.relative_to(src).parts[0]
        if room not in LEVEL:
            continue
        linked = closure(room, links)
        if path.stem.endswith("_test"):
            for extra in test_links.get(room, ()):
                linked |= {extra} | closure(extra, links)
        for n, line in enumerate(path.read_text().splitlines(), 1):
            found = INCLUDE.match(line)
            if not found:
                continue
            parts = found[2].split("/")
            other = parts[0]
            if other not in LEVEL or len(parts) == 1:
                # Tests may use what tests/support lends; nothing else stands outside of a room.
                is_lent = path.stem.endswith("_test") and (src.parent / "tests" / "support" / found[2]).is_file()
                if found[1] == '"' and not is_lent:
                    wrong.append(f'{path}:{n}: write "room/header.hpp", from src/: "{found[2]}"')
                continue
            if other == room:
                continue
            if not may_see(room, other):
                wrong.append(f"{path}:{n}: {room} must not see {other}")
            elif parts[1] == "impl" and room != "server":
                wrong.append(f"{path}:{n}: {room} must not look into {other}/impl")
            elif other not in linked:
                wrong.append(f"{path}:{n}: {room} includes {other}, which its CMakeLists.txt does not name")
    return wrong


PLANTED = {  # file: text, and what must be said of it; None for what is right
    "money/CMakeLists.txt": ("okpay_room(money DEPENDS base)\n", None),
    "base/CMakeLists.txt": ("okpay_room(base EXTERNAL Threads::Threads)\n", None),
    "mail/CMakeLists.txt": ("okpay_room(mail\n  DEPENDS base  # and no more\n)\n", None),
    "desk/CMakeLists.txt": ("okpay_room(desk DEPENDS base store)\n", "desk must not link store"),
    "triage/CMakeLists.txt": ("okpay_room(triage TEST_DEPENDS okpay_desk)\n", "triage must not link desk"),
    "store/CMakeLists.txt": ("okpay_room(store DEPENDS desk money)\n", None),
    "service/CMakeLists.txt": ("okpay_room(services DEPENDS store)\n", "the room is called services"),
    "server/CMakeLists.txt": ("okpay_room(server DEPENDS service PkgConfig::PQ)\n", "PkgConfig::PQ is no room"),
    "money/good.hpp": ('#include "base/result.hpp"\n#include <vector>\n', None),
    "money/up.cpp": ('#include "desk/ticket.hpp"\n', "money must not see desk"),
    "money/sideways.cpp": ('#  include <mail/message.hpp>\n', "money must not see mail"),
    "service/inside.cpp": ('#include "store/impl/sqlite.hpp"\n', "service must not look into store/impl"),
    "server/engine.cpp": ('#include "store/impl/sqlite.hpp"\n', None),
    "store/reaches.cpp": ('#include "base/id.hpp"\n', None),
    "triage/unnamed.cpp": ('#include "base/text.hpp"\n', "which its CMakeLists.txt does not name"),
    "mail/relative.cpp": ('#include "../base/text.hpp"\n', 'write "room/header.hpp"'),
    "mail/bare.cpp": ('#include "message.hpp"\n', 'write "room/header.hpp"'),
    "mail/read_test.cpp": ('#include "lent.hpp"\n', None),
    "mail/read.cpp": ('#include "lent.hpp"\n', 'mail/read.cpp:1: write "room/header.hpp"'),
    "attic/old.cpp": ("\n", "attic: a room without a level"),
}


def self_test() -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        src = pathlib.Path(folder) / "src"
        for name, (text, _) in PLANTED.items():
            (src / name).parent.mkdir(parents=True, exist_ok=True)
            (src / name).write_text(text)
        (src.parent / "tests" / "support").mkdir(parents=True)
        (src.parent / "tests" / "support" / "lent.hpp").touch()
        said = check(src)
    missed = [f"self-test: {name}: not said: {want}" for name, (_, want) in PLANTED.items()
              if want and not any(want in line for line in said)]
    for name, (_, want) in PLANTED.items():
        if not want:
            missed += [f"self-test: {name} is right, yet: {line}" for line in said if name in line]
    wants = sum(1 for _, want in PLANTED.values() if want)
    if len(said) != wants:
        missed.append(f"self-test: {len(said)} findings for {wants} planted ones: {said}")
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--self-test", action="store_true", help="finds what is planted, and no more")
    asked = parser.parse_args()
    os.chdir(pathlib.Path(__file__).resolve().parent.parent)
    wrong = self_test() if asked.self_test else check(pathlib.Path("src"))
    print("\n".join(wrong) or ("levels: self-test passed" if asked.self_test else "levels: every arrow points down"))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
