#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The long numbers, part by part: kills, seeds, disks and servers that fail, double charges, fuzzers.

    scripts/soak.py [--build build/soak] [PART...]      a part again: --fresh

Against an optimised build: sanitizers would spend the hours on fewer kills and seeds. What passed for this program is not
run again, and the simulator goes on where it was stopped, so that hours may be taken in pieces. A seed that fails is
written to the seeds file of its tests, which run it first from then on: commit it with the fix. Ends with a table, and
with 1 where something failed.
"""
import argparse
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

TOP = pathlib.Path(__file__).resolve().parent.parent
SIMULATOR_SEEDS = int(os.environ.get("OKPAY_SEEDS", "10000"))
SIMULATOR_STEP = 50
FUZZ_SECONDS = os.environ.get("SECONDS_EACH", "600")


class Outcome(NamedTuple):
    passed: bool
    said: str


class Run:
    """One part's commands, with what they say kept in a file beside the build."""

    def __init__(self, build: pathlib.Path, part: str):
        self.build = build
        self.log = build / "soak" / f"{part}.log"
        self.log.parent.mkdir(parents=True, exist_ok=True)

    def __call__(self, *words: object, **environment: str) -> tuple[int, str]:
        print("  " + " ".join(str(word) for word in words), flush=True)
        done = subprocess.run([str(word) for word in words], cwd=TOP, env={**os.environ, "OKPAY_SOAK": "1", **environment},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(map(str, words))}\n{done.stdout}\n")
        return done.returncode, done.stdout


def keep_seed(file: pathlib.Path, line: str) -> bool:
    """Whether the seed is new to its file; a line begins with what names it."""
    name = line.split(" #")[0].strip()
    known = [kept.split(" #")[0].strip() for kept in file.read_text(encoding="utf-8").splitlines()]
    if any(kept == name or kept.startswith(name + " ") for kept in known):
        return False
    with file.open("a", encoding="utf-8") as kept:
        kept.write(line + "\n")
    return True


def keep_simulator_seeds(said: str) -> list[str]:
    found = re.findall(r"^seed (\d+): ([^\n]*)", said, re.MULTILINE)
    for seed, what in found:
        keep_seed(TOP / "tests/simulator/seeds.txt", f"{seed} # {what[:90]}")
    return [seed for seed, _ in found]


def keep_fault_seeds(said: str) -> list[str]:
    """GoogleTest names the running test above its failures, whose trace names the seed."""
    test, found = "", []
    for line in said.splitlines():
        begins = re.match(r"\[ RUN      \] (\S+)", line)
        if begins:
            test = begins[1]
        seed = re.search(r"TEST_SEED=(\d+)", line)
        if seed and test and (test, seed[1]) not in found:
            found.append((test, seed[1]))
    for test, seed in found:
        keep_seed(TOP / "tests/faults/seeds.txt", f"{test} {seed} # found by a soak")
    return [f"{test} {seed}" for test, seed in found]


def simulator(run: Run) -> Outcome:
    program = run.build / "tests/simulator/simulator_tests"
    mark = run.build / "soak" / "simulator.next"
    stamp = hashlib.sha256(program.read_bytes()).hexdigest()
    stood = mark.read_text().split() if mark.exists() else []
    first = int(stood[1]) if len(stood) == 2 and stood[0] == stamp else 0
    failed: list[str] = []
    if first == 0:  # those that once failed, and the law that a seed is the whole of a run
        status, said = run(program, OKPAY_SEEDS="1")
        failed += keep_simulator_seeds(said) or ([] if status == 0 else ["see the log"])
        first = 1
    while first <= SIMULATOR_SEEDS:
        count = min(SIMULATOR_STEP, SIMULATOR_SEEDS - first + 1)
        status, said = run(program, "--gtest_filter=Simulator.every_seed_keeps_the_books", OKPAY_FROM=str(first),
                           OKPAY_SEEDS=str(count))
        failed += keep_simulator_seeds(said) or ([] if status == 0 else [f"{first} to {first + count - 1}: see the log"])
        first += count
        mark.write_text(f"{stamp} {first}\n")
    mark.unlink(missing_ok=True)
    return Outcome(not failed, f"{SIMULATOR_SEEDS} seeds" + (f"; failed: {', '.join(failed)}" if failed else ""))


def google_test(program: str, what: str) -> Callable[[Run], Outcome]:
    def work(run: Run) -> Outcome:
        status, said = run(run.build / program)
        passed = re.search(r"\[  PASSED  \] (\d+) tests?", said)
        seeds = keep_fault_seeds(said) if status else []
        count = f"{passed[1]} tests of {what}" if passed else what
        return Outcome(status == 0, count + (f"; failed: {', '.join(seeds) or 'see the log'}" if status else ""))
    return work


def story(name: str, what: str) -> Callable[[Run], Outcome]:
    def work(run: Run) -> Outcome:
        status, said = run(sys.executable, "-W", "ignore", f"tests/story/{name}_test.py",
                           OKPAY_PROGRAM=str(run.build / "okpay"), PYTHONPATH="tests/story")
        ran = re.search(r"^Ran (\d+) tests?", said, re.MULTILINE)
        return Outcome(status == 0, f"{ran[1] if ran else 'no'} stories: {what}" + ("" if status == 0 else "; see the log"))
    return work


def duplicates(run: Run) -> Outcome:
    below, worlds = [], 0
    for seed in range(1, 21, 2):  # each run takes two seeds and three sizes
        status, said = run(run.build / "okpay", "bench", "duplicates", "--seconds", "1", "--seed", seed)
        worlds += 6
        below += re.findall(r"^okpay: (.*)$", said, re.MULTILINE) if status else []
        if status and not below:
            below.append(f"seed {seed}: see the log")
    return Outcome(not below, f"{worlds} worlds" + (f"; {'; '.join(below)}" if below else ""))


def fuzz(run: Run) -> Outcome:
    for words in (["scripts/setup.sh", "build"], ["scripts/build.sh", "fuzz"]):
        status, _ = run(*words)
        if status:
            return Outcome(False, "the fuzzers could not be built; see the log")
    status, said = run("scripts/fuzz.sh", SECONDS_EACH=FUZZ_SECONDS)
    names = re.findall(r"^fuzz: (\S+) for", said, re.MULTILINE)
    return Outcome(status == 0, f"{', '.join(names)} for {FUZZ_SECONDS} s each" + ("" if status == 0 else "; see the log"))


class Part(NamedTuple):
    name: str
    takes: str  # on two cores
    work: Callable[[Run], Outcome]


PARTS = [
    Part("duplicates", "3 min", duplicates),
    Part("nodes", "3 min", story("two_nodes", "two nodes on one PostgreSQL")),
    Part("rush", "15 min", story("rush", "five agents and 2,000 mails on each engine")),
    Part("simulator", "20 min", simulator),
    Part("disk", "45 min", google_test("tests/faults/faults_tests", "disks that fail")),
    Part("kill", "60 min", story("kill", "200 kills an engine")),
    Part("postgres", "2 h", google_test("tests/faults/faults_postgres_tests", "a PostgreSQL that fails")),
    Part("fuzz", "25 min", fuzz),
]


def program_stamp(build: pathlib.Path) -> str:
    whole = hashlib.sha256()
    for name in ("okpay", "tests/simulator/simulator_tests", "tests/faults/faults_tests",
                 "tests/faults/faults_postgres_tests"):
        program = build / name
        whole.update(program.read_bytes() if program.exists() else b"")
    return whole.hexdigest()


def spoken(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def main() -> int:
    names = [part.name for part in PARTS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=TOP / "build/soak")
    parser.add_argument("--fresh", action="store_true", help="also what passed before")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(names))
    asked = parser.parse_args()
    unknown = [name for name in asked.parts if name not in names]
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(names)}")
    build = asked.build.resolve()
    kept_file = build / "soak" / "passed.json"
    stamp = program_stamp(build)
    kept = json.loads(kept_file.read_text()) if kept_file.exists() else {}
    passed_before = kept.get("parts", {}) if kept.get("stamp") == stamp else {}

    rows = []
    for part in PARTS:
        if asked.parts and part.name not in asked.parts:
            continue
        if part.name in passed_before and not asked.fresh:
            rows.append((part.name, "passed before", passed_before[part.name]["took"], passed_before[part.name]["said"]))
            continue
        print(f"soak: {part.name}, about {part.takes}", flush=True)
        since = time.monotonic()
        outcome = part.work(Run(build, part.name))
        took = spoken(time.monotonic() - since)
        rows.append((part.name, "passed" if outcome.passed else "FAILED", took, outcome.said))
        if outcome.passed:
            passed_before[part.name] = {"took": took, "said": outcome.said}
            kept_file.parent.mkdir(parents=True, exist_ok=True)
            kept_file.write_text(json.dumps({"stamp": stamp, "parts": passed_before}, indent=1))
    widths = [max(len(row[column]) for row in [("part", "", "took", ""), *rows]) for column in range(3)]
    print(f"\n{'part':<{widths[0]}}  {'':<{widths[1]}}  {'took':<{widths[2]}}")
    for row in rows:
        print(f"{row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]:<{widths[2]}}  {row[3]}")
    failed = [row[0] for row in rows if row[1] == "FAILED"]
    if failed:
        print(f"soak: failed: {', '.join(failed)}; logs in {build / 'soak'}")
    return bool(failed)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("soak: stopped; the same command goes on from here")
