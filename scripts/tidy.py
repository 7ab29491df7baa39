#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy over our sources: scripts/tidy.py [--all] [FILE...]

A file that passed is not looked at again until it, a header of ours that it includes, its compile command or the profile
changed; so the first run takes minutes and the next one seconds. The compile commands come from a configure of their own
without precompiled headers: nothing has to be built first, and an include that only the precompiled header brought in
is an error here.
"""
import argparse
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
BUILD = TOP / "build" / "tidy"
PASSED = BUILD / "passed"
TIDY = "clang-tidy-19"
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def configure() -> None:
    """Always: a new source file is in no older list. A second, when nothing changed."""
    done = subprocess.run(["cmake", "--preset", "debug-asan", "-B", str(BUILD), "-D", "CMAKE_DISABLE_PRECOMPILE_HEADERS=ON"],
                          cwd=TOP, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


@functools.cache
def headers_of(path: pathlib.Path) -> frozenset[pathlib.Path]:
    return frozenset(header for name in INCLUDE.findall(path.read_text())
                     for header in (TOP / "src" / name, path.parent / name, TOP / name) if header.is_file())


def content_read_by(path: pathlib.Path) -> list[pathlib.Path]:
    seen = {path}
    waiting = [path]
    while waiting:
        new = headers_of(waiting.pop()) - seen
        seen |= new
        waiting += new
    return sorted(seen)


@functools.cache
def digest_of(path: pathlib.Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def stamp_of(path: pathlib.Path, command: str, profile: bytes) -> pathlib.Path:
    whole = hashlib.sha256(profile + command.encode())
    for read in content_read_by(path):
        whole.update(str(read.relative_to(TOP)).encode() + digest_of(read))
    return PASSED / whole.hexdigest()


def tidy(path: pathlib.Path) -> tuple[int, str]:
    # Warnings are the compiler's business; here they would come twice.
    done = subprocess.run([TIDY, "--quiet", "-p", str(BUILD), "--extra-arg=-Wno-everything", str(path)], cwd=TOP,
                          capture_output=True, text=True)
    said = done.stdout or done.stderr
    if "[clang-diagnostic-error]" in said:  # does not compile without the precompiled header: its notes are pages
        said = "\n".join(dict.fromkeys(line for line in said.splitlines() if "error: " in line)) + "\n"
    return done.returncode, said


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="also what passed before")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    asked = parser.parse_args()

    configure()
    PASSED.mkdir(exist_ok=True)
    version = subprocess.run([TIDY, "--version"], capture_output=True, text=True, check=True).stdout
    profile = (TOP / ".clang-tidy").read_bytes() + version.encode()
    only = {path.resolve() for path in asked.files}
    waiting = {}
    for entry in json.loads((BUILD / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["file"]).resolve()
        if not path.is_relative_to(TOP) or path.is_relative_to(TOP / "build") or (only and path not in only):
            continue
        stamp = stamp_of(path, entry["command"].replace(str(TOP), ""), profile)
        if asked.all or only or not stamp.exists():
            waiting[path] = stamp
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = {pool.submit(tidy, path): path for path in sorted(waiting)}
        for n, run in enumerate(concurrent.futures.as_completed(runs), 1):
            path = runs[run]
            status, said = run.result()
            if sys.stderr.isatty():
                print(f"\r[{n}/{len(runs)}] {path.relative_to(TOP)}\033[K", end="", file=sys.stderr, flush=True)
            if status == 0:
                waiting[path].touch()
                continue
            failed += 1
            print(said.replace(f"{TOP}/", ""), flush=True)
    if sys.stderr.isatty() and waiting:
        print(file=sys.stderr)
    print(f"clang-tidy: {failed} of {len(waiting)} files with findings" if failed else "clang-tidy: clean")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
