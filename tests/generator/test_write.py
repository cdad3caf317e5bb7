"""Emitted texts on disk: what is written, kept, removed, left and refused."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wxgen.emit.output import EMITTED, LIST, Plan, WriteError, apply, diff, plan

HEAD = f"# {EMITTED} from spec.yaml\n"
OTHER_HEAD = f"<!-- {EMITTED} -->\n"


def write(files: Mapping[str, str], folder: Path) -> Plan:
    made = plan(files, folder)
    apply(made)
    return made


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def folders(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_dir()}


def put(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    return file


def put_list(folder: Path, *lines: str) -> None:
    put(folder / LIST, "\n".join([f"# {EMITTED}: the list", *lines, ""]))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def refuses(files: Mapping[str, str], folder: Path, *words: str) -> None:
    """Planning fails with all the words in the message, and changes nothing."""
    before = tree(folder) if folder.is_dir() else None
    with pytest.raises(WriteError) as caught:
        plan(files, folder)
    assert [word for word in words if word not in str(caught.value)] == []
    assert (tree(folder) if folder.is_dir() else None) == before


class TestWrite:
    def test_new_files_and_their_list(self, tmp_path: Path) -> None:
        text = HEAD + "b = 'é'\n"
        files = {"pkg/b.py": text, "REPORT.md": OTHER_HEAD}
        done = write(files, tmp_path / "new" / "out")
        assert done.written == (LIST, "REPORT.md", "pkg/b.py")
        assert (done.kept, done.removed, done.left) == ((), (), ())
        assert tree(tmp_path / "new" / "out") == {
            "pkg/b.py": text.encode(),
            "REPORT.md": OTHER_HEAD.encode(),
            LIST: (
                "# Emitted by wxgen: the files it owns here, with their SHA-256.\n"
                f"{digest(OTHER_HEAD)}  REPORT.md\n"
                f"{digest(text)}  pkg/b.py\n"
            ).encode(),
        }

    def test_planning_writes_nothing(self, tmp_path: Path) -> None:
        plan({"a.py": HEAD}, tmp_path / "out")
        assert list(tmp_path.iterdir()) == []

    def test_unchanged_files_stay_the_same_files(self, tmp_path: Path) -> None:
        write({"a.py": HEAD, "b.py": HEAD}, tmp_path)
        os.utime(tmp_path / "a.py", (1, 1))
        inode = (tmp_path / "a.py").stat().st_ino
        done = write({"a.py": HEAD, "b.py": HEAD + "b = 1\n"}, tmp_path)
        assert done.written == (LIST, "b.py")
        assert done.kept == ("a.py",)
        after = (tmp_path / "a.py").stat()
        assert (after.st_mtime, after.st_ino) == (1, inode)

    def test_emitted_file_changed_by_hand_is_written_again(self, tmp_path: Path) -> None:
        write({"a.py": HEAD}, tmp_path)
        put(tmp_path / "a.py", "mine")
        assert write({"a.py": HEAD}, tmp_path).written == ("a.py",)
        assert (tmp_path / "a.py").read_text() == HEAD

    def test_line_ends_are_written_as_they_are(self, tmp_path: Path) -> None:
        write({"a.py": HEAD + "x\n"}, tmp_path)
        put(tmp_path / "a.py", (HEAD + "x\n").replace("\n", "\r\n"))
        assert write({"a.py": HEAD + "x\n"}, tmp_path).written == ("a.py",)
        assert b"\r" not in (tmp_path / "a.py").read_bytes()

    @pytest.mark.skipif(sys.platform == "win32", reason="no modes")
    def test_files_have_the_usual_mode(self, tmp_path: Path) -> None:
        write({"a.py": HEAD}, tmp_path)
        usual = put(tmp_path / "usual", "").stat().st_mode
        assert (tmp_path / "a.py").stat().st_mode == usual

    def test_folder_may_be_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "real").mkdir()
        (tmp_path / "link").symlink_to(tmp_path / "real")
        write({"p/a.py": HEAD}, tmp_path / "link")
        assert write({}, tmp_path / "link").removed == ("p/a.py",)
        assert set(tree(tmp_path / "real")) == {LIST}


class TestStale:
    def test_is_removed_with_its_empty_folders(self, tmp_path: Path) -> None:
        write({"a.py": HEAD, "p/q/b.py": HEAD, "p/q/c.py": HEAD, "r/d.py": HEAD}, tmp_path)
        put(tmp_path / "r" / "hand.txt", "mine")
        done = write({"a.py": HEAD}, tmp_path)
        assert done.removed == ("p/q/b.py", "p/q/c.py", "r/d.py")
        assert done.left == ()
        assert set(tree(tmp_path)) == {"a.py", LIST, "r/hand.txt"}
        assert folders(tmp_path) == {"r"}

    def test_folder_itself_stays(self, tmp_path: Path) -> None:
        write({"a.py": HEAD}, tmp_path)
        write({}, tmp_path)
        assert set(tree(tmp_path)) == {LIST}

    def test_empty_file_is_removed(self, tmp_path: Path) -> None:
        write({"p/py.typed": ""}, tmp_path)
        assert write({}, tmp_path).removed == ("p/py.typed",)

    def test_changed_by_hand_is_left_and_no_longer_ours(self, tmp_path: Path) -> None:
        write({"a.py": HEAD, "b.py": HEAD}, tmp_path)
        put(tmp_path / "b.py", HEAD + "mine\n")
        done = write({"a.py": HEAD}, tmp_path)
        assert (done.removed, done.left) == ((), ("b.py",))
        assert (tmp_path / "b.py").read_text() == HEAD + "mine\n"
        again = plan({"a.py": HEAD}, tmp_path)
        assert (again.left, again.kept) == ((), (LIST, "a.py"))

    def test_that_is_gone_already_is_no_matter(self, tmp_path: Path) -> None:
        write({"p/a.py": HEAD}, tmp_path)
        (tmp_path / "p" / "a.py").unlink()
        done = write({}, tmp_path)
        assert (done.removed, done.left) == ((), ())

    def test_that_is_a_folder_now_stays(self, tmp_path: Path) -> None:
        write({"a": HEAD}, tmp_path)
        (tmp_path / "a").unlink()
        put(tmp_path / "a" / "hand.txt", "mine")
        assert write({}, tmp_path).removed == ()
        assert "a/hand.txt" in tree(tmp_path)

    def test_bytecode_of_removed_modules_goes_too(self, tmp_path: Path) -> None:
        write({"p/a.py": HEAD}, tmp_path)
        put(tmp_path / "p" / "__pycache__" / "a.cpython-311.pyc", "code")
        write({}, tmp_path)
        assert folders(tmp_path) == set()

    @pytest.mark.parametrize("other", ["__pycache__/b.cpython-311.pyc", "hand.py"])
    def test_bytecode_stays_beside_anything_else(self, tmp_path: Path, other: str) -> None:
        write({"p/a.py": HEAD}, tmp_path)
        put(tmp_path / "p" / "__pycache__" / "a.cpython-311.pyc", "code")
        put(tmp_path / "p" / other, "mine")
        write({}, tmp_path)
        assert set(tree(tmp_path)) == {LIST, "p/__pycache__/a.cpython-311.pyc", f"p/{other}"}

    def test_bytecode_elsewhere_stays(self, tmp_path: Path) -> None:
        elsewhere = put(tmp_path / "cache" / "a.cpython-311.pyc", "code")
        write({"p/a.py": HEAD}, tmp_path / "out")
        (tmp_path / "out" / "p" / "__pycache__").symlink_to(tmp_path / "cache")
        write({}, tmp_path / "out")
        assert elsewhere.exists()

    def test_new_name_for_the_same_file_is_not_stale(self, tmp_path: Path) -> None:
        """As on a disk that does not tell cases apart, where one file answers to both names."""
        write({"Api.py": HEAD}, tmp_path)
        if not (tmp_path / "api.py").exists():
            os.link(tmp_path / "Api.py", tmp_path / "api.py")
        done = write({"api.py": HEAD}, tmp_path)
        assert (done.removed, done.left) == ((), ())

    def test_other_file_with_the_name_in_another_case_is_stale(self, tmp_path: Path) -> None:
        write({"Api.py": HEAD}, tmp_path)
        if (tmp_path / "api.py").exists():
            pytest.skip("the disk does not tell cases apart")
        put(tmp_path / "api.py", HEAD)
        assert write({"api.py": HEAD}, tmp_path).removed == ("Api.py",)


class TestList:
    def test_lines_that_lead_elsewhere_are_ignored(self, tmp_path: Path) -> None:
        out = tmp_path / "out"
        victim = put(tmp_path / "victim.py", HEAD)
        inside = put(out / "inside.py", HEAD)
        (out / "link").symlink_to(tmp_path)
        (out / "file.py").symlink_to(victim)
        put_list(
            out,
            f"{digest(HEAD)}  ../victim.py",
            f"{digest(HEAD)}  {victim}",
            f"{digest(HEAD)}  link/victim.py",
            f"{digest(HEAD)}  file.py",
            f"{digest(HEAD)}  ./inside.py",
            f"{digest(HEAD)} inside.py",
            f"{digest(HEAD)[1:]}  inside.py",
            f"{digest(HEAD)}  {'long' * 100}/inside.py",
            f"{digest(HEAD)}  {LIST}",
            "inside.py",
            "",
        )
        done = write({}, out)
        assert (done.removed, done.left) == ((), ())
        assert victim.read_text() == HEAD
        assert inside.exists()
        assert (out / "file.py").is_symlink()

    def test_good_line_beside_bad_ones_counts(self, tmp_path: Path) -> None:
        put(tmp_path / "old.py", HEAD)
        put_list(tmp_path, "nonsense", f"{digest(HEAD)}  old.py")
        assert write({}, tmp_path).removed == ("old.py",)

    def test_list_that_is_not_utf_8(self, tmp_path: Path) -> None:
        put(tmp_path / "old.py", HEAD)
        line = f"\n{digest(HEAD)}  old.py\n".encode()
        (tmp_path / LIST).write_bytes(f"# {EMITTED}\n".encode() + b"\xff\xfe" + line)
        assert write({}, tmp_path).removed == ("old.py",)

    def test_list_of_someone_else_is_refused(self, tmp_path: Path) -> None:
        put(tmp_path / "old.py", HEAD)
        put(tmp_path / LIST, f"{digest(HEAD)}  old.py\n")
        refuses({"a.py": HEAD}, tmp_path, LIST, "not emitted")

    def test_list_that_is_a_link_is_refused(self, tmp_path: Path) -> None:
        put_list(tmp_path / "elsewhere")
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / LIST).symlink_to(tmp_path / "elsewhere" / LIST)
        refuses({}, tmp_path / "out", LIST, "symbolic link")


class TestRefused:
    def test_hand_written_file(self, tmp_path: Path) -> None:
        put(tmp_path / "a.py", "x = 1\n" + HEAD)
        refuses({"a.py": HEAD, "b.py": HEAD}, tmp_path, "a.py", "not emitted", "move it away")

    def test_empty_file(self, tmp_path: Path) -> None:
        put(tmp_path / "a.py", "")
        refuses({"a.py": HEAD}, tmp_path, "a.py", "not emitted")

    def test_but_not_an_empty_py_typed(self, tmp_path: Path) -> None:
        put(tmp_path / "py.typed", "")
        assert "py.typed" in write({"py.typed": HEAD}, tmp_path).written

    def test_py_typed_that_says_something(self, tmp_path: Path) -> None:
        put(tmp_path / "py.typed", "partial\n")
        refuses({"py.typed": HEAD}, tmp_path, "py.typed", "not emitted")

    def test_but_not_an_emitted_file_without_its_list(self, tmp_path: Path) -> None:
        put(tmp_path / "a.py", OTHER_HEAD + "old")
        assert "a.py" in write({"a.py": HEAD}, tmp_path).written

    def test_but_not_a_file_that_is_as_it_should_be(self, tmp_path: Path) -> None:
        put(tmp_path / "a.py", "plain")
        assert write({"a.py": "plain"}, tmp_path).kept == ("a.py",)

    def test_folder_in_place_of_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.py").mkdir()
        refuses({"a.py": HEAD}, tmp_path, "a.py", "is a folder")

    def test_file_in_place_of_a_folder(self, tmp_path: Path) -> None:
        put(tmp_path / "p", HEAD)
        refuses({"p/q/a.py": HEAD}, tmp_path, "p", "not a folder")

    def test_file_in_place_of_the_whole_folder(self, tmp_path: Path) -> None:
        put(tmp_path / "out", HEAD)
        refuses({"a.py": HEAD}, tmp_path / "out", "out", "is not a folder")

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
    def test_what_is_no_regular_file(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "a.py")
        refuses({"a.py": HEAD}, tmp_path, "a.py", "not a regular file")

    @pytest.mark.parametrize("where", ["..", "inner", "nowhere", "link"])
    def test_linked_folder(self, tmp_path: Path, where: str) -> None:
        put(tmp_path / "out" / "inner" / "a.txt", "mine")
        (tmp_path / "out" / "link").symlink_to(where)
        refuses({"link/new/a.py": HEAD}, tmp_path / "out", "link", "symbolic link")
        assert not (tmp_path / "new").exists()

    def test_linked_file(self, tmp_path: Path) -> None:
        victim = put(tmp_path / "victim.py", HEAD + "mine")
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "a.py").symlink_to(victim)
        refuses({"a.py": HEAD}, tmp_path / "out", "a.py", "symbolic link")

    @pytest.mark.parametrize(
        "path",
        [
            "",
            "/a.py",
            "..",
            "../a.py",
            "p/../a.py",
            "./a.py",
            "p//a.py",
            "p/",
            "C:/a.py",
            "C:a.py",
            "p\\a.py",
            "a\n.py",
            "a\0.py",
            "a\x7f.py",
            "a\ud800.py",
            LIST,
        ],
    )
    def test_unsafe_path(self, tmp_path: Path, path: str) -> None:
        refuses({path: HEAD}, tmp_path / "out", "choose another name")
        assert list(tmp_path.iterdir()) == []

    def test_paths_that_clash_with_the_list(self, tmp_path: Path) -> None:
        refuses({LIST.upper(): HEAD}, tmp_path, LIST, "case")
        refuses({f"{LIST}/a.py": HEAD}, tmp_path, LIST, "to be a folder")

    def test_paths_that_differ_only_in_case(self, tmp_path: Path) -> None:
        refuses({"p/a.py": HEAD, "P/A.py": HEAD}, tmp_path, "p/a.py", "P/A.py", "case", "rename")

    @pytest.mark.parametrize("path", ["p/q/a.py", "P/a.py"])
    def test_path_through_another(self, tmp_path: Path, path: str) -> None:
        refuses({"p": HEAD, path: HEAD}, tmp_path, path, "rename")

    def test_text_that_has_no_utf_8(self, tmp_path: Path) -> None:
        refuses({"a.py": HEAD + "\ud800"}, tmp_path, "a.py", "surrogates")

    def test_path_that_the_disk_refuses(self, tmp_path: Path) -> None:
        refuses({"long" * 100: HEAD}, tmp_path, "longlong", "correct that")


class TestFailure:
    def test_while_staging_changes_nothing(self, tmp_path: Path) -> None:
        out = tmp_path / "out"
        write({"a.py": HEAD, "old.py": HEAD}, out)
        made = plan({"a.py": HEAD + "new\n", "p/q/b.py": HEAD, "z/c.py": HEAD}, out)
        put(out / "z", "in the way")
        before = tree(out)
        with pytest.raises(WriteError, match="correct that"):
            apply(made)
        assert tree(out) == before
        assert folders(out) == set()

    def test_while_staging_the_first_run_leaves_no_folder(self, tmp_path: Path) -> None:
        # The name itself is short enough for a disk, that of its temporary file is not.
        made = plan({"a.py": HEAD, "z" * 250: HEAD}, tmp_path / "new" / "out")
        with pytest.raises(WriteError):
            apply(made)
        assert list(tmp_path.iterdir()) == []

    def test_while_replacing_leaves_no_temporary_and_heals(self, tmp_path: Path) -> None:
        files = {"a.py": HEAD + "new\n", "b.py": HEAD + "new\n"}
        write({"a.py": HEAD, "b.py": HEAD, "old.py": HEAD}, tmp_path)
        made = plan(files, tmp_path)
        (tmp_path / "b.py").unlink()
        put(tmp_path / "b.py" / "hand.txt", "mine")
        with pytest.raises(WriteError):
            apply(made)
        assert set(tree(tmp_path)) == {"a.py", "b.py/hand.txt", "old.py", LIST}
        (tmp_path / "b.py" / "hand.txt").unlink()
        (tmp_path / "b.py").rmdir()
        assert write(files, tmp_path).removed == ("old.py",)
        assert set(tree(tmp_path)) == {"a.py", "b.py", LIST}


class TestDiff:
    def test_of_the_same_is_empty(self, tmp_path: Path) -> None:
        write({"a.py": HEAD, "p/py.typed": ""}, tmp_path)
        assert diff(plan({"a.py": HEAD, "p/py.typed": ""}, tmp_path)) == ""

    def test_changed_new_and_stale(self, tmp_path: Path) -> None:
        write({"a.py": HEAD + "a = 1\nsame\n", "old.py": HEAD}, tmp_path)
        text = diff(plan({"a.py": HEAD + "a = 2\nsame\n", "p/new.py": HEAD}, tmp_path))
        assert text.startswith(f"--- a/{LIST}\n+++ b/{LIST}\n@@ -1,3 +1,3 @@\n")
        assert text.endswith(
            "--- a/a.py\n+++ b/a.py\n@@ -1,3 +1,3 @@\n"
            f" {HEAD}-a = 1\n+a = 2\n same\n"
            f"--- a/old.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-{HEAD}"
            f"--- /dev/null\n+++ b/p/new.py\n@@ -0,0 +1 @@\n+{HEAD}"
        )

    def test_left_file_is_not_in_it(self, tmp_path: Path) -> None:
        write({"a.py": HEAD}, tmp_path)
        put(tmp_path / "a.py", "mine")
        text = diff(plan({}, tmp_path))
        assert f"+++ b/{LIST}" in text
        assert "a/a.py" not in text

    def test_without_newline_at_the_end(self, tmp_path: Path) -> None:
        write({"a.py": HEAD + "x"}, tmp_path)
        text = diff(plan({"a.py": HEAD + "x\n"}, tmp_path))
        assert "-x\n\\ No newline at end of file\n+x\n" in text

    def test_of_a_file_that_is_not_utf_8(self, tmp_path: Path) -> None:
        write({"a.py": HEAD + "x\n"}, tmp_path)
        (tmp_path / "a.py").write_bytes(HEAD.encode() + b"\xff\n")
        assert "-\ufffd\n+x\n" in diff(plan({"a.py": HEAD + "x\n"}, tmp_path))

    def test_what_only_looks_the_same_differs(self, tmp_path: Path) -> None:
        write({"a.py": HEAD + "\ufffd\n"}, tmp_path)
        (tmp_path / "a.py").write_bytes(HEAD.encode() + b"\xff\n")
        text = diff(plan({"a.py": HEAD + "\ufffd\n"}, tmp_path))
        assert text == "--- a/a.py\n+++ b/a.py\n"

    def test_new_empty_file_shows(self, tmp_path: Path) -> None:
        assert "--- /dev/null\n+++ b/py.typed\n" in diff(plan({"py.typed": ""}, tmp_path))

    def test_only_newlines_part_lines(self, tmp_path: Path) -> None:
        text = diff(plan({"a.py": HEAD + "x\x0cy\u2028z\n"}, tmp_path))
        assert "+x\x0cy\u2028z\n" in text


EMITTED_PATHS = ["a.py", "b.py", "p/a.py", "p/b.py", "p/q/c.py", "r/py.typed", "REPORT.md"]
HAND_PATHS = ["hand.txt", "p/notes.md", "p/q/__pycache__/x.pyc", "s/t/own.py"]
BODIES = st.text(st.characters(codec="utf-8"), max_size=5)
TREES = st.dictionaries(st.sampled_from(EMITTED_PATHS), BODIES.map(lambda body: HEAD + body))
HANDS = st.dictionaries(st.sampled_from(HAND_PATHS), BODIES)


@settings(max_examples=70, deadline=None)
@given(st.lists(st.tuples(TREES, HANDS), min_size=1, max_size=5))
def test_disk_holds_what_was_emitted_and_what_others_wrote(
    steps: list[tuple[dict[str, str], dict[str, str]]],
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        others: dict[str, str] = {}
        for files, hands in steps:
            others |= hands
            for path, text in hands.items():
                put(folder / path, text)
            made = write(files, folder)
            expected = {path: text.encode() for path, text in (files | others).items()}
            found = tree(folder)
            assert found.pop(LIST) == made.files[LIST].encode()
            assert found == expected
            parents = {str(up) for path in expected for up in list(Path(path).parents)[:-1]}
            assert folders(folder) == parents
            again = plan(files, folder)
            assert set(again.kept) == {*files, LIST}
            assert (again.written, again.removed, again.left) == ((), (), ())
            assert diff(again) == ""
