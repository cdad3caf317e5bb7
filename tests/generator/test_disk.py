"""What the disk sees: files that are replaced as a whole, and refusals that commands report."""

from __future__ import annotations

import os
from pathlib import Path

import click.testing
import pytest
from generator.kit import SECOND

from wxgen.cli import main
from wxgen.emit.output import EMITTED, LIST, WriteError, apply, plan

HEAD = f"# {EMITTED} from spec.yaml\n"


class TestReplacing:
    """Who has a file open, or reads it meanwhile, sees the old text or the new, never a part."""

    @pytest.mark.parametrize("path", ["a.py", LIST])
    def test_who_has_a_file_open_keeps_its_text(self, path: str, tmp_path: Path) -> None:
        apply(plan({"a.py": HEAD}, tmp_path))
        before = (tmp_path / path).read_bytes()
        with open(tmp_path / path, "rb") as file:
            apply(plan({"a.py": f"{HEAD}new\n"}, tmp_path))
            assert file.read() == before
        assert (tmp_path / path).read_bytes() != before

    def test_another_name_of_a_file_keeps_its_text(self, tmp_path: Path) -> None:
        out = tmp_path / "out"
        apply(plan({"a.py": HEAD}, out))
        os.link(out / "a.py", tmp_path / "mine.py")
        apply(plan({"a.py": f"{HEAD}new\n"}, out))
        assert (tmp_path / "mine.py").read_text() == HEAD

    def test_no_target_is_touched_before_all_texts_are_there(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        apply(plan({"a.py": HEAD, "b.py": HEAD}, tmp_path))
        replaced: list[tuple[str, int]] = []
        plain = os.replace

        def replace(source: Path, target: Path) -> None:
            if target.name != LIST:
                replaced.append((target.name, len(list(tmp_path.glob(".?.py.*.tmp")))))
            plain(source, target)

        monkeypatch.setattr(os, "replace", replace)
        apply(plan({"a.py": f"{HEAD}new\n", "b.py": f"{HEAD}new\n"}, tmp_path))
        assert sorted(replaced, key=lambda one: -one[1]) == [("a.py", 2), ("b.py", 1)]


class TestRefusing:
    """The disk's refusal is one line on standard error, and the exit status 2."""

    @pytest.fixture
    def refusing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(source: Path, target: Path) -> None:
            raise OSError(28, "No space left on device", str(target))

        monkeypatch.setattr(os, "replace", refuse)

    @pytest.mark.usefixtures("refusing")
    @pytest.mark.parametrize("options", [[], ["--quiet"], ["--json"]], ids=str)
    def test_generate_exits_with_2(self, options: list[str], tmp_path: Path) -> None:
        out = tmp_path / "out"
        run = click.testing.CliRunner().invoke(
            main, ["generate", str(SECOND), "-o", str(out), *options]
        )
        assert run.exit_code == 2
        assert run.stdout == ""
        (line,) = run.stderr.splitlines()
        assert line.startswith(f"error: {out}")
        assert line.endswith("No space left on device; correct that and run wxgen again")

    @pytest.mark.usefixtures("refusing")
    def test_no_temporary_file_is_left(self, tmp_path: Path) -> None:
        with pytest.raises(WriteError):
            apply(plan({"a.py": HEAD}, tmp_path))
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_may_not_be_written_to(self, tmp_path: Path) -> None:
        """The mode of a folder keeps nobody out who is root: a file in the way does."""
        (tmp_path / "file").write_text("x")
        run = click.testing.CliRunner().invoke(
            main, ["generate", str(SECOND), "-o", str(tmp_path / "file" / "out")]
        )
        assert run.exit_code == 2
        (line,) = run.stderr.splitlines()
        assert line.startswith("error: ")
        assert (tmp_path / "file").read_text() == "x"
