# SPDX-License-Identifier: Apache-2.0
"""What the lint scripts know of the house: the rooms by level, which are pure, and which files are ours."""
import pathlib
import re
import subprocess

LEVELS = [["base"], ["money", "mail", "content", "paper", "pictures", "attachments", "sandbox", "search", "net"],
          ["customers", "triage"], ["risk"], ["payments"], ["desk"], ["store"], ["service"],
          ["api", "mailroom", "telephony", "jobs", "rails", "demo"], ["server"]]
LEVEL = {room: n for n, rooms in enumerate(LEVELS) for room in rooms}
PURE = {"base", "money", "mail", "content", "search", "customers", "triage", "risk", "payments", "desk"}

STRING_OR_COMMENT = re.compile(
    r'R"(?P<fence>[^()\\\s]{0,16})\(.*?\)(?P=fence)"'  # raw string
    r"|//[^\n]*|/\*.*?\*/"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'",  # a character, not the tick in 1'000
    re.DOTALL)


def bare_code(text: str) -> str:
    """C++ without what stands in strings, characters and comments; every line keeps its number and length."""
    return STRING_OR_COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def our_files(top: pathlib.Path) -> list[pathlib.Path]:
    """Tracked and new files, as git sees them: nothing that is ignored. Paths relative to `top`."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=top,
                            capture_output=True, text=True, check=True)
    return sorted({pathlib.Path(name) for name in listed.stdout.split("\0") if name and (top / name).is_file()})
