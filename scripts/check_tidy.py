#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bans what the house does without, and offers what to write in its place. No list of tolerated exceptions."""
import argparse
import pathlib
import re
import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

from house import PURE, bare_code, our_files

COLUMNS_MAX = 125
LINES_MAX = 600
GENERATED = {"clients/typescript/src/schema.gen.ts"}  # made from the API document; may be long

CPP = {".cpp", ".hpp"}
SCRIPT = {".py", ".sh"}
WEB = {".ts", ".tsx", ".js", ".mjs", ".css"}
CMAKE = {".cmake"}


class Place(NamedTuple):
    path: pathlib.PurePath

    @property
    def is_cpp(self) -> bool: return self.path.suffix in CPP

    @property
    def room(self) -> str:
        return self.path.parts[1] if self.path.parts[0] == "src" and len(self.path.parts) > 2 else ""

    @property
    def is_test(self) -> bool:
        return self.path.parts[0] == "tests" or self.path.stem.endswith("_test") or ".test." in self.path.name \
            or ".spec." in self.path.name

    @property
    def is_pure(self) -> bool: return self.is_cpp and self.room in PURE and not self.is_test

    @property
    def is_waiting_door(self) -> bool:
        """The one helper of the tests that may wait: polls for a condition until a deadline, then fails."""
        return self.path.stem == "eventually"

    @property
    def is_source(self) -> bool:
        return self.path.suffix in CPP | SCRIPT | WEB | CMAKE or self.path.name in {"CMakeLists.txt", "Makefile"} \
            or self.path.as_posix() == ".ci/run"


class Ban(NamedTuple):
    where: Callable[[Place], bool]
    what: str  # a regular expression, searched in code without strings and comments
    offer: str


def pure(place: Place) -> bool:
    return place.is_pure and place.path.as_posix() not in {"src/base/clock.cpp", "src/base/clock.hpp"}  # the doors


def cpp(place: Place) -> bool: return place.is_cpp


def cpp_test(place: Place) -> bool: return place.is_cpp and place.is_test and not place.is_waiting_door


def cpp_money(place: Place) -> bool: return place.is_cpp and place.room in {"money", "payments"}


def script_test(place: Place) -> bool:
    return place.is_test and place.path.suffix in {".py", ".sh"} and not place.is_waiting_door


def web_test(place: Place) -> bool: return place.path.suffix in WEB and (place.is_test or "e2e" in place.path.parts)


def web_page(place: Place) -> bool: return place.path.suffix in WEB and place.path.parts[:2] == ("web", "src")


BANS = [
    Ban(pure, r"\b(system_clock|steady_clock|high_resolution_clock)\s*::\s*now\b", "take a Moment as an argument"),
    Ban(pure, r"\brandom_device\b|(?<![\w.>])s?rand\s*\(|\brandom_octets\s*\(|\bfresh_id\s*<",
        "take random octets or the id as an argument"),
    Ban(pure, r"#\s*include\s*<(fstream|filesystem)>|\bf(?:re)?open\s*\(",
        "take the content as an argument; files belong to the edge"),
    Ban(pure, r"#\s*include\s*<(boost/asio|boost/beast|asio)|\bco_await\b",
        "decide on values; waiting belongs to net and above"),
    Ban(pure, r"#\s*include\s*<(thread|future|condition_variable|semaphore|latch|barrier)>",
        "a pure room never waits; threads belong to the edge"),
    Ban(pure, r"#\s*include\s*\"base/clock\.hpp\"", "take a Moment or an id as an argument"),
    Ban(lambda p: p.is_cpp and p.room not in {"", "server"} and not p.is_test, r"\bgetenv\s*\(",
        "pass what is needed; the environment is read by server/ alone"),
    Ban(cpp_test, r"\bsleep_(for|until)\b|(?<![\w.>])u?(?:nano)?sleep\s*\(",
        "wait for the event itself, or use tests/support/eventually.hpp"),
    Ban(script_test, r"\bsleep\b", "wait for the event itself, or use an eventually() helper"),
    Ban(web_test, r"\bwaitForTimeout\b", "wait for a locator: await expect(...)"),
    Ban(web_page, r"\b(innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\s*\.\s*write)\b",
        "make elements and set their text (web/src/dom.ts): text of others is never markup"),
    Ban(cpp, r"\bstd\s*::\s*w?regex\w*|#\s*include\s*<regex>",
        "it recurses on hostile input; write the scanner, or use ICU"),
    Ban(cpp, r"(?<![\w.>])(system|popen)\s*\(", "no shell: posix_spawn with an argument list"),
    Ban(cpp_money, r"\b(float|double)\b", "amounts are int64 minor units, rates rational (money/)"),
]

# Where the work is done is nobody's business, and a path of one machine is wrong on every other.
PRIVATE = re.compile(r"(?<![\w.])/(?:wor[k]|hom[e]/\w+|roo[t]/|tm[p]/w)(?:/|\b)"
                     r"|\bsub[a]gent|\bfar[m]-\w|\bCI sess[i]on|\bthis sess[i]on['’]s (?:task|brief)", re.IGNORECASE)


LAMBDA = re.compile(r"\[[^\[\]]*\]\s*(?:\([^{};]*?\))?[^{};()\[\]]*\{")


def end_of_block(code: str, at: int) -> int:
    """Past the brace that closes the one just before `at`."""
    depth = 1
    while at < len(code) and depth:
        depth += (code[at] == "{") - (code[at] == "}")
        at += 1
    return at


def awaited_from(code: str, start: int) -> str:
    """The awaited expression, to its semicolon or to the bracket that holds it; the bodies of lambdas are left out."""
    depth, at, kept = 0, start, []
    while at < len(code):
        head = LAMBDA.match(code, at) if code[at] == "[" and code[at - 1] in "(,= \n" else None
        if head:
            kept.append(head[0][:-1])
            at = end_of_block(code, head.end())
            continue
        depth += (code[at] in "([{") - (code[at] in ")]}")
        if depth < 0 or (depth == 0 and code[at] == ";"):
            break
        kept.append(code[at])
        at += 1
    return "".join(kept)


AGGREGATE = re.compile(r"(?<![\w:])(?:\w+::)*[A-Z]\w*(?:<[^<>;]*>)?\s*\{")
CAPTURES = re.compile(r"[(,=\s]\[([^\[\]]+)\]")


def check_awaits(place: Place, code: str) -> Iterator[tuple[int, str]]:
    for found in re.finditer(r"\bco_await\b", code):
        awaited = awaited_from(code, found.start())
        line = code.count("\n", 0, found.start()) + 1
        if AGGREGATE.search(awaited):
            yield line, "g++ 12 frees an aggregate built inside an awaited call twice: name it on the line above, move it"
        captured = [one.strip() for list_ in CAPTURES.findall(awaited) for one in list_.split(",")]
        if any(not one.startswith("&") and one != "this" for one in captured):
            yield line, "g++ 12 frees a lambda that captures by value in an awaited call twice: name it on the line above"


def check_text(path: pathlib.PurePath, text: str) -> Iterator[tuple[int, str]]:
    place = Place(path)
    lines = text.splitlines()
    for n, line in enumerate(lines, 1):
        if PRIVATE.search(line):
            yield n, "the repository speaks of the product alone: no path of one machine, no word on its workshop"
    if not place.is_source:
        return
    generated = path.as_posix() in GENERATED
    first = lines[1:2] if lines and lines[0].startswith("#!") else lines[:1]
    if not generated and (not first or "SPDX-License-Identifier: Apache-2.0" not in first[0]):
        yield 1, "the first line is the licence: SPDX-License-Identifier: Apache-2.0"
    if not generated:
        for n, line in enumerate(lines, 1):
            if len(line) > COLUMNS_MAX:
                yield n, f"{len(line)} columns, at most {COLUMNS_MAX}"
        if len(lines) > LINES_MAX:
            yield LINES_MAX + 1, f"{len(lines)} lines, at most {LINES_MAX}: look for the seam"
    code = bare_code(text) if place.is_cpp else text
    bare_lines = code.splitlines()
    for ban in BANS:
        if not ban.where(place):
            continue
        for n, line in enumerate(bare_lines, 1):
            # The name in #include "..." is a string to bare_code; an include is judged as written.
            judged = lines[n - 1] if re.match(r"\s*#\s*include", line) else line
            if re.search(ban.what, judged):
                yield n, ban.offer
    if place.is_cpp and "co_await" in code:
        yield from check_awaits(place, code)


# A type at the left edge, straight in its namespace.
TYPE = re.compile(r"^(?:class|struct|enum class) (\w+)(?: final)?(?: :[^:][^{;]*)? \{", re.MULTILINE)
NAMESPACE = re.compile(r"^namespace ([\w:]+) \{", re.MULTILINE)


def twice_defined(headers: list[tuple[pathlib.PurePath, str]]) -> Iterator[tuple[pathlib.PurePath, int, str]]:
    """Two types of one name in one namespace: no compiler sees both headers, and the linker takes either one's members."""
    known: dict[tuple[str, str], pathlib.PurePath] = {}
    for path, text in headers:
        namespace = NAMESPACE.search(text)
        for found in TYPE.finditer(text):
            first = known.setdefault((namespace.group(1) if namespace else "", found.group(1)), path)
            if first != path:
                line = text.count("\n", 0, found.start()) + 1
                yield path, line, f"{found.group(1)} is defined in {first} too: one name each"


def check(top: pathlib.Path) -> list[str]:
    wrong = []
    headers = []
    for path in our_files(top):
        try:
            text = (top / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            if Place(path).is_source:
                wrong.append(f"{path}:1: not UTF-8")
            continue  # pictures, corpora
        wrong += [f"{path}:{n}: {what}" for n, what in check_text(path, text)]
        if path.suffix == ".hpp":
            headers.append((path, text))
    return wrong + [f"{path}:{n}: {what}" for path, n, what in twice_defined(headers)]


HEAD = "// SPDX-License-Identifier: Apache-2.0\n"
PLANTED = [  # file, its text after the licence line, and what must be said ("" for nothing)
    ("src/risk/judge.cpp", "auto t = std::chrono::system_clock::now();", "take a Moment"),
    ("src/risk/judge.cpp", "// system_clock::now() is for the edge", ""),
    ("src/risk/judge.cpp", 'log("system_clock::now");', ""),
    ("src/net/timer.cpp", "auto t = std::chrono::steady_clock::now();", ""),
    ("src/risk/judge_test.cpp", "std::mt19937_64 random{std::random_device{}()};", ""),
    ("src/money/rate.cpp", "std::random_device device;", "random octets"),
    ("src/money/rate.cpp", "int x = rand();", "random octets"),
    ("src/money/rate.cpp", "int x = operand(1);", ""),
    ("src/mail/read.cpp", "#include <fstream>", "files belong"),
    ("src/mail/read.cpp", "#include <boost/asio/read.hpp>", "waiting belongs"),
    ("src/desk/ticket.cpp", '#include "base/clock.hpp"', "take a Moment"),
    ("src/desk/ticket_test.cpp", '#include "base/clock.hpp"', ""),
    ("src/service/pay.cpp", '#include "base/clock.hpp"', ""),
    ("src/base/clock.cpp", "return std::chrono::system_clock::now();", ""),
    ("src/store/url.cpp", 'auto home = std::getenv("HOME");', "environment"),
    ("src/net/timer_test.cpp", "std::this_thread::sleep_for(1s);", "wait for the event"),
    ("tests/story_test.cpp", "usleep(1000);", "wait for the event"),
    ("tests/support/eventually.cpp", "std::this_thread::sleep_for(pause);", ""),
    ("src/content/html.cpp", 'std::regex tag{"<"};', "write the scanner"),
    ("src/server/main.cpp", "std::system(text);", "posix_spawn"),
    ("src/server/main.cpp", "filesystem(text); file.system(x);", ""),
    ("src/payments/fee.cpp", "double fee = 0.1;", "minor units"),
    ("src/payments/fee.cpp", "int doubled = 2;  // a double charge", ""),
    ("src/triage/score.cpp", "double score = 0.1;", ""),
    ("src/api/post.cpp", "co_await service.submit(PayCommand{.id = id});", "an aggregate"),
    ("src/api/post.cpp", "co_await service.submit(\n    desk::Reply{text},\n    now);", "an aggregate"),
    ("src/api/post.cpp", "co_await run([command]() { go(command); });", "captures by value"),
    ("src/api/post.cpp", "co_await run([=] { go(); });", "captures by value"),
    ("src/api/post.cpp", "co_await run([c = std::move(command)] { go(c); });", "captures by value"),
    ("src/api/post.cpp", "co_await run([&] { Reply reply{text}; go(reply); });", ""),
    ("src/api/post.cpp", "co_await run([&book, this] { go(book); }, buffers[i], use_awaitable);", ""),
    ("src/api/post.cpp", "auto reply = Reply{text};\nco_await send(std::move(reply));", ""),
    ("src/api/post.cpp", "while (co_await next()) {\n    Reply reply{text};\n}", ""),
    ("src/api/long.cpp", "x" * 126, "126 columns"),
    ("src/api/long.cpp", "x" * 125, ""),
    ("src/api/long.cpp", "\n" * 600, "601 lines"),
    ("docs/notes.md", "see /hom" + "e/someone/okpay", "product alone"),
    ("web/src/app.ts", "see /wor" + "k/main", "product alone"),
    ("web/src/app.ts", "fetch(`/workspace/tickets`)", ""),
    ("web/src/app.ts", "box.innerHTML = name;", "make elements"),
    ("web/src/app.ts", "box.textContent = name;", ""),
    ("web/e2e/desk.ts", "await page.waitForTimeout(500)", "wait for a locator"),
]


def self_test() -> list[str]:
    missed = []
    for name, body, want in PLANTED:
        text = body if name.endswith(".md") else HEAD + body
        said = [what for _, what in check_text(pathlib.PurePosixPath(name), text)]
        if want and not any(want in what for what in said):
            missed.append(f"self-test: {name}: {body!r}: not said: {want}, but {said}")
        if not want and said:
            missed.append(f"self-test: {name}: {body!r} is right, yet: {said}")
    if not list(check_text(pathlib.PurePosixPath("src/api/x.cpp"), "int x;\n")):
        missed.append("self-test: a missing licence line was not seen")
    one, two = pathlib.PurePosixPath("src/server/a.hpp"), pathlib.PurePosixPath("src/server/b.hpp")
    for text, other, want in [
        ("namespace okpay::server {\nclass Door {\n", "namespace okpay::server {\nclass Door final : public Base {\n", 1),
        ("namespace okpay::server {\nclass Door {\n", "namespace okpay::api {\nclass Door {\n", 0),
        ("namespace okpay::server {\nclass Door {\n", "namespace okpay::server {\nclass Door;\nclass Door::Lock {\n", 0),
    ]:
        if len(list(twice_defined([(one, text), (two, other)]))) != want:
            missed.append(f"self-test: two headers: {other!r}: not said {want} times")
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--self-test", action="store_true", help="finds what is planted, and no more")
    asked = parser.parse_args()
    wrong = self_test() if asked.self_test else check(pathlib.Path(__file__).resolve().parent.parent)
    print("\n".join(wrong) or ("tidy: self-test passed" if asked.self_test else "tidy: nothing banned"))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
