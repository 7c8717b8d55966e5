#!/usr/bin/env python3
"""Checks the order of the rooms and the length of the files; exits with 1 and a list of violations.

A file of src/X or include/edotb/X may include edotb/Y only if room Y stands at or before X in ROOMS.
src/main.cpp, the one source outside the rooms, may include all of them.

    scripts/check_rooms.py [ROOT]
"""

import re
import sys
from pathlib import Path

ROOMS = ("base linalg deck model sample lead coherent continuum measure campaign analysis cli").split()
MAX_LINES = 450
SOURCES = {".cpp", ".hpp", ".py", ".sh", ".cmake"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def room_of(path: Path):
    """The room of a path relative to the root; None for a file that lies in no folder of rooms."""
    parts = path.parts
    for top in (("src",), ("include", "edotb")):
        if parts[: len(top)] == top and len(parts) > len(top) + 1:
            return parts[len(top)]
    return None


def included_path(root: Path, file: Path, bracket: str, name: str):
    """The path, relative to the root, of an included file of ours; None for a library's."""
    if name.startswith("edotb/"):
        return Path("include") / name
    beside = (file.parent / name).resolve()
    if bracket == '"' and beside.is_file() and beside.is_relative_to(root):
        return beside.relative_to(root)
    return None


def room_violations(root: Path, file: Path, lines):
    path = file.relative_to(root)
    room = room_of(path)
    if room is None:
        if path != Path("src/main.cpp"):
            yield f"{path}: lies in no room"
        return
    if room not in ROOMS:
        yield f"{path}: there is no room '{room}'; the rooms are {' '.join(ROOMS)}"
        return
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        target = match and included_path(root, file, *match.groups())
        if not target:
            continue
        other = room_of(target)
        if other not in ROOMS:
            yield f"{path}:{number}: {match[2]} belongs to no room"
        elif ROOMS.index(other) > ROOMS.index(room):
            yield f"{path}:{number}: room '{room}' may not use the later room '{other}' ({match[2]})"


def violations(root: Path):
    for top in ("src", "include", "tests", "scripts", "cmake"):
        for file in sorted((root / top).rglob("*")):
            is_source = file.suffix in SOURCES or file.name == "CMakeLists.txt"
            if not (is_source and file.is_file()):
                continue
            lines = file.read_text(encoding="utf-8").splitlines()
            if len(lines) > MAX_LINES:
                path = file.relative_to(root)
                yield f"{path}: {len(lines)} lines, more than {MAX_LINES}: split it by topic"
            if top in ("src", "include") and file.suffix in (".cpp", ".hpp"):
                yield from room_violations(root, file, lines)


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    found = list(violations(root))
    for violation in found:
        print(violation, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
