"""Texts to disk: all or nothing, only what changed, removing only what was once emitted.

Only this module touches the folder that is written to. It keeps there a list of the files it owns,
with their digests, so that a file that someone else wrote or changed is never lost. The list comes
first and last: while files are written it names the old ones, the new ones and the temporary ones,
so that the run after one that was killed knows everything that the killed one may have left.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

__all__ = ["EMITTED", "LIST", "Plan", "WriteError", "apply", "diff", "plan"]

EMITTED: Final = "Emitted by wxgen"
"""What the first line of every emitted file holds."""

LIST: Final = ".wxgen-files"
"""The emitted file that lists the others."""

_LIST_HEADER: Final = f"# {EMITTED}: the files it owns here, with their SHA-256.\n"
_LIST_LINE: Final = re.compile(r"([0-9a-f]{64})  (.+)")

# Where a list is written before it takes the place of the other.
_NEW_LIST: Final = f"{LIST}.tmp"

# A temporary file: nobody else's, whatever a killed run wrote into it.
_TEMPORARY: Final = re.compile(r"(.*/)?\.[^/]+\.[0-9a-f]{16}\.tmp")

Listed = Mapping[str, frozenset[str]]
"""The digests that a file of ours may have, by its path: two where a run was killed."""


class WriteError(Exception):
    """The files cannot be written; the message names the path and what to do."""


@dataclass(frozen=True)
class Plan:
    """What is to be done to a folder so that it holds what was emitted.

    Attributes:
        folder: The folder.
        files: The texts it is to hold, by their POSIX paths in it, the list of files included.
        written: The paths of the files that are new or changed.
        kept: The paths of the files that are as they should be.
        removed: The paths of the files that were emitted earlier and no longer are.
        left: The paths of such files that were changed by hand since, and are therefore kept.
        temporaries: The paths of the temporary files of a run that was killed.
        gone: The paths of the files that are to be gone, or are gone already.
        before: What the files of all these paths hold now, if they exist.
    """

    folder: Path
    files: Mapping[str, str]
    written: tuple[str, ...]
    kept: tuple[str, ...]
    removed: tuple[str, ...]
    left: tuple[str, ...]
    temporaries: tuple[str, ...]
    gone: tuple[str, ...]
    before: Mapping[str, bytes]


def plan(files: Mapping[str, str], folder: Path) -> Plan:
    """Compare emitted files with a folder; write nothing.

    Args:
        files: The emitted texts, by their POSIX paths in the folder.
        folder: The folder, which need not exist.

    Returns:
        What is to be done.

    Raises:
        WriteError: A path is not a safe one, a file that was not emitted is in the way, or the
            folder cannot be read.
    """
    _check_paths(files)
    try:
        if folder.exists() and not folder.is_dir():
            raise WriteError(f"{folder}: is not a folder; move it away or choose another folder")
        listed = _listed(folder)
        emitted = {**files, LIST: _list_of(files)}
        targets = {path: _target(folder, path, emitted[path], listed) for path in emitted}
        _check_new_list(folder)
        gone = listed.keys() - emitted.keys()
        temporaries = {path for path in gone if _TEMPORARY.fullmatch(path)}
        stale = _stale(folder, gone - temporaries, emitted)
    except OSError as error:
        raise _os_error(error, folder) from error
    kept = {path for path, data in targets.items() if data == emitted[path].encode("utf-8")}
    removed = {path for path, data in stale.items() if _digest(data) in listed[path]}
    before = {path: data for path, data in targets.items() if data is not None}
    return Plan(
        folder=folder,
        files=emitted,
        written=tuple(sorted(emitted.keys() - kept)),
        kept=tuple(sorted(kept)),
        removed=tuple(sorted(removed)),
        left=tuple(sorted(stale.keys() - removed)),
        temporaries=tuple(sorted(temporaries)),
        gone=tuple(sorted(gone - (stale.keys() - removed))),
        before=before | stale,
    )


def apply(plan: Plan) -> None:
    """Do what a plan says.

    All texts are written beside their targets before the first target is touched, and the list of
    files before all of them. What is interrupted is completed by the next run.

    Args:
        plan: The plan, made from the folder as it still is.

    Raises:
        WriteError: The disk refused. Nothing has changed if it did so while texts were staged.
    """
    staged = {path: _temporary(path) for path in plan.written if path != LIST}
    try:
        if staged or plan.removed:
            _stage(plan, staged)
        try:
            for path, temporary in staged.items():
                os.replace(plan.folder / temporary, plan.folder / path)
            for path in (*plan.removed, *plan.temporaries):
                (plan.folder / path).unlink(missing_ok=True)
            _remove_empty_folders(plan)
            if plan.written or plan.removed:
                _put_list(plan.folder, plan.files[LIST].encode("utf-8"))
        finally:
            left = (*staged.values(), _NEW_LIST)
            _unlink_all(plan.folder / temporary for temporary in left)
    except OSError as error:
        raise _os_error(error, plan.folder) from error


def diff(plan: Plan) -> str:
    """Say what a plan would change.

    Args:
        plan: The plan.

    Returns:
        A unified diff from what is on the disk to what was emitted; empty when they are the same.
    """
    return "".join(
        _diff_of(path, plan.before.get(path), None if path in plan.removed else plan.files[path])
        for path in sorted(plan.written + plan.removed)
    )


# Paths.


def _check_paths(files: Iterable[str]) -> None:
    by_folded = {LIST: LIST, _NEW_LIST: _NEW_LIST}
    for path in sorted(files):
        problem = _problem(path)
        if problem:
            raise WriteError(f"{path!r}: {problem}; choose another name")
        other = by_folded.setdefault(path.casefold(), path)
        if other != path:
            raise WriteError(f"{path}: differs from {other} only in case; rename one of them")
    for path in sorted(files):
        for parent in _parents(path):
            if parent.casefold() in by_folded:
                file = by_folded[parent.casefold()]
                raise WriteError(f"{path}: needs {file} to be a folder, not a file; rename one")


def _problem(path: str) -> str | None:
    """What makes a path unfit to be joined to a folder."""
    if any(not char.isprintable() for char in path):
        return "holds control characters"
    if "\\" in path or ":" in path:
        return "holds a backslash or a drive"
    if any(step in ("", ".", "..") for step in path.split("/")):
        return "is absolute, or holds an empty step, '.' or '..'"
    if path in (LIST, _NEW_LIST):
        return "is the list of files"
    return None


def _parents(path: str) -> list[str]:
    """The folders that a path goes through, the innermost first."""
    return [str(parent) for parent in PurePosixPath(path).parents][:-1]


# The disk as it is.


def _listed(folder: Path) -> Listed:
    """The files that the last run emitted; if it was killed, also those that it meant to emit."""
    if _link_in(folder, LIST) is not None or not (folder / LIST).is_file():
        return {}
    found: dict[str, frozenset[str]] = {}
    for digest, path in _lines_of_list((folder / LIST).read_bytes()):
        if path in found or _is_trusted(folder, path):
            found[path] = found.get(path, frozenset()) | {digest}
    return found


def _lines_of_list(data: bytes) -> Iterator[tuple[str, str]]:
    for line in data.decode("utf-8", errors="replace").split("\n"):
        if match := _LIST_LINE.fullmatch(line):
            yield match[1], match[2]


def _check_new_list(folder: Path) -> None:
    """Refuse a file of someone else where a new list is written; it may be torn if it is ours."""
    file = folder / _NEW_LIST
    if file.is_symlink() or (file.exists() and not file.is_file()):
        raise WriteError(f"{file}: is not a regular file; move it away")
    if file.exists() and (data := file.read_bytes()) and not _is_emitted(data):
        raise WriteError(f"{file}: was not emitted by wxgen; move it away or delete it")


def _is_trusted(folder: Path, path: str) -> bool:
    """Whether a path of the list leads to a place in the folder and nowhere else."""
    try:
        return _problem(path) is None and _link_in(folder, path) is None
    except OSError:
        return False


def _list_of(files: Mapping[str, str]) -> str:
    return _list((_digest(_encoded(path, files[path])), path) for path in files)


def _list(lines: Iterable[tuple[str, str]]) -> str:
    ordered = sorted(set(lines), key=lambda line: (line[1], line[0]))
    return _LIST_HEADER + "".join(f"{digest}  {path}\n" for digest, path in ordered)


def _target(folder: Path, path: str, text: str, listed: Listed) -> bytes | None:
    """What a file holds that is to be emitted; None when it does not exist.

    Raises:
        WriteError: Something is in the way that must not be replaced.
    """
    target = folder / path
    link = _link_in(folder, path)
    if link is not None:
        raise WriteError(f"{link}: is a symbolic link; put a real file or folder in its place")
    for parent in _parents(path):
        if (folder / parent).exists() and not (folder / parent).is_dir():
            raise WriteError(f"{folder / parent}: is a file, not a folder; move it away")
    if target.is_dir():
        raise WriteError(f"{target}: is a folder, not a file; move it away")
    if not target.exists():
        return None
    if not target.is_file():
        raise WriteError(f"{target}: is not a regular file; move it away")
    data = target.read_bytes()
    marker = target.name == "py.typed" and not data
    ours = path in listed or _is_emitted(data) or marker or data == text.encode("utf-8")
    if not ours:
        raise WriteError(f"{target}: was not emitted by wxgen; move it away or delete it")
    return data


def _stale(folder: Path, paths: Iterable[str], emitted: Iterable[str]) -> dict[str, bytes]:
    """What the files hold that are no longer emitted and still exist."""
    by_folded = {path.casefold(): path for path in emitted}
    found: dict[str, bytes] = {}
    for path in paths:
        # Where case does not matter, a file whose name only changed its case is still emitted.
        heir = folder / by_folded.get(path.casefold(), path)
        file = folder / path
        renamed = heir != file and heir.exists() and file.exists() and heir.samefile(file)
        if file.is_file() and not renamed:
            found[path] = file.read_bytes()
    return found


def _link_in(folder: Path, path: str) -> Path | None:
    """The first symbolic link on the way from a folder to a file in it."""
    steps = [*reversed(_parents(path)), path]
    return next((folder / step for step in steps if (folder / step).is_symlink()), None)


def _is_emitted(data: bytes) -> bool:
    return EMITTED.encode() in data.partition(b"\n")[0]


def _encoded(path: str, text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise WriteError(f"{path}: its text holds lone surrogates; correct the spec") from None


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _os_error(error: OSError, folder: Path) -> WriteError:
    where = folder if error.filename is None else error.filename
    return WriteError(f"{where}: {error.strerror or error}; correct that and run wxgen again")


# The disk as it shall be.


def _temporary(path: str) -> str:
    """The path of a temporary file beside a target."""
    target = PurePosixPath(path)
    return str(target.with_name(f".{target.name}.{secrets.token_hex(8)}.tmp"))


def _stage(plan: Plan, staged: Mapping[str, str]) -> None:
    """List everything, then write each new text to its temporary file; on failure leave no trace."""
    old = plan.before.get(LIST)
    lines = [*_lines_of_list(old or b""), *_lines_of_list(plan.files[LIST].encode("utf-8"))]
    data = {path: plan.files[path].encode("utf-8") for path in staged}
    lines += [(_digest(data[path]), temporary) for path, temporary in staged.items()]
    made: list[Path] = []
    written: list[Path] = []
    try:
        _make(plan.folder, made)
        _put_list(plan.folder, _list(lines).encode("utf-8"))
        for path, temporary in staged.items():
            file = plan.folder / temporary
            _make(file.parent, made)
            with open(file, "xb") as opened:
                written.append(file)
                opened.write(data[path])
    except BaseException:
        _unlink_all(written)
        if old is None:
            _unlink_all([plan.folder / LIST])
        else:
            _put_list(plan.folder, old)
        for folder in reversed(made):
            _remove_if_empty(folder)
        raise


def _put_list(folder: Path, data: bytes) -> None:
    _make(folder, [])
    try:
        (folder / _NEW_LIST).write_bytes(data)
        os.replace(folder / _NEW_LIST, folder / LIST)
    except BaseException:
        _unlink_all([folder / _NEW_LIST])
        raise


def _make(folder: Path, made: list[Path]) -> None:
    """Make a folder and its parents, and add those that did not exist."""
    for each in _missing(folder):
        each.mkdir()
        made.append(each)


def _missing(folder: Path) -> list[Path]:
    """The folder and its parents that do not exist, the outermost first."""
    return [path for path in (folder, *folder.parents) if not path.exists()][::-1]


def _unlink_all(files: Iterable[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def _remove_empty_folders(plan: Plan) -> None:
    """Remove the folders that files leave empty which are gone, the innermost first."""
    folders = {parent for path in plan.gone for parent in _parents(path)}
    for folder in sorted(folders, key=lambda path: path.count("/"), reverse=True):
        modules = {
            PurePosixPath(path).stem
            for path in plan.gone
            if path.endswith(".py") and str(PurePosixPath(path).parent) == folder
        }
        _remove_cache(plan.folder / folder, modules)
        _remove_if_empty(plan.folder / folder)


def _remove_cache(folder: Path, modules: set[str]) -> None:
    """Remove the bytecode of removed modules where nothing else is left."""
    cache = folder / "__pycache__"
    if not cache.is_dir() or cache.is_symlink() or len(list(folder.iterdir())) > 1:
        return
    compiled = list(cache.iterdir())
    if all(file.suffix == ".pyc" and file.name.split(".")[0] in modules for file in compiled):
        _unlink_all(compiled)
        _remove_if_empty(cache)


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        pass


# Differences.


def _diff_of(path: str, old: bytes | None, new: str | None) -> str:
    before = "/dev/null" if old is None else f"a/{path}"
    after = "/dev/null" if new is None else f"b/{path}"
    old_lines = _lines((old or b"").decode("utf-8", errors="replace"))
    new_lines = _lines(new or "")
    lines = list(difflib.unified_diff(old_lines, new_lines, before, after))
    # Nothing to show, as when one is empty or not UTF-8, is still a difference.
    return "".join(_ended(lines)) or f"--- {before}\n+++ {after}\n"


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _ended(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
