"""The commands, as other processes in a project of their own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from generator.kit import HEAD, ROOT, SECOND, SPEC, python

from wxgen import __version__
from wxgen.config import SettingsError, settings
from wxgen.emit.output import LIST, apply, plan
from wxgen.pipeline import emit

SETTINGS: Final = '[tool.wxgen]\nspec = "spec/api.yaml"\noutput = "out"\n'
LISTED: Final = 10
"""How many files a spec without an engine gives, the list of them included."""


def wxgen(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command; whatever it does, it shows no traceback."""
    run = python("-m", "wxgen", *arguments, cwd=cwd, COLUMNS="200", NO_COLOR="1")
    assert "Traceback" not in run.stderr
    return run


def refused(run: subprocess.CompletedProcess[str]) -> list[str]:
    """The lines on standard error of a run that ended with 2 and printed nothing else."""
    assert (run.returncode, run.stdout) == (2, "")
    return run.stderr.splitlines()


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose spec is the second one."""
    (tmp_path / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "spec").mkdir()
    shutil.copy(SECOND, tmp_path / "spec" / "api.yaml")
    return tmp_path


def generated(project: Path) -> None:
    """What `wxgen generate` does, without the command."""
    apply(plan(emit(project / "spec" / "api.yaml").files, project / "out"))


def earlier(project: Path) -> None:
    """The same for the same spec, whose package has another name."""
    text = SECOND.read_text(encoding="utf-8").replace("wxgen: 1\n", "wxgen: 1\npackage: earlier\n")
    (project / "spec" / "api.yaml").write_text(text, encoding="utf-8")
    generated(project)


class TestGenerate:
    def test_writes_and_says_so_then_keeps(self, project: Path) -> None:
        first = wxgen("generate", cwd=project)
        assert (first.returncode, first.stderr) == (0, "")
        emitted = tree(project / "out")
        assert len(emitted) == LISTED
        *lines, last = first.stdout.splitlines()
        assert lines == [f"wrote   {Path('out', path)}" for path in sorted(emitted)]
        assert last == f"{LISTED} written, 0 unchanged, 0 removed"
        wanted = emit(project / "spec" / "api.yaml").files
        assert {path: emitted[path].decode() for path in wanted} == wanted

        before = times(project)
        second = wxgen("generate", cwd=project)
        assert (second.returncode, second.stderr) == (0, "")
        *lines, last = second.stdout.splitlines()
        assert lines == [f"kept    {Path('out', path)}" for path in sorted(emitted)]
        assert last == f"0 written, {LISTED} unchanged, 0 removed"
        assert times(project) == before

    def test_only_what_changed_is_written(self, project: Path) -> None:
        generated(project)
        (project / "out" / "wxsocket" / "types.py").unlink()
        before = times(project / "out")
        run = wxgen("generate", cwd=project)
        assert re.findall(r"wrote +(\S+)", run.stdout) == [str(Path("out/wxsocket/types.py"))]
        after = times(project / "out")
        # The list says while they are written what is written.
        changed = {path for path in before if after[path] != before[path]}
        assert {path.name for path in changed} <= {".wxgen-files"}
        assert wxgen("check", cwd=project).returncode == 0

    def test_stale_file_is_removed_foreign_file_is_kept(self, project: Path) -> None:
        generated(project)
        package = project / "out" / "earlier"
        before = tree(project / "out")
        # An earlier run for a package of another name, and all of its files on the list.
        earlier(project)
        assert (package / "api.py").is_file()
        (package / "mine.py").write_text("x = 1\n")
        (package / "types.py").write_text("# changed by hand\n")
        shutil.copy(SECOND, project / "spec" / "api.yaml")
        run = wxgen("generate", cwd=project)
        assert (run.returncode, run.stderr) == (0, "")
        gone = re.findall(r"^removed +(\S+)", run.stdout, re.M)
        assert str(Path("out/earlier/api.py")) in gone
        assert str(Path("out/earlier/__init__.py")) in gone
        left = f"left    {Path('out/earlier/types.py')} (no longer emitted, but changed by hand)"
        assert left in run.stdout.splitlines()
        assert run.stdout.splitlines()[-1].endswith(f"{len(gone)} removed")
        kept = {"earlier/mine.py": b"x = 1\n", "earlier/types.py": b"# changed by hand\n"}
        assert tree(project / "out") == before | kept

    def test_a_hand_written_file_is_in_the_way(self, project: Path) -> None:
        file = project / "out" / "wxsocket" / "api.py"
        file.parent.mkdir(parents=True)
        file.write_text("x = 1\n")
        before = tree(project)
        run = wxgen("generate", cwd=project)
        where = Path("out/wxsocket/api.py")
        message = f"error: {where}: was not emitted by wxgen; move it away or delete it"
        assert refused(run) == [message]
        assert tree(project) == before

    def test_arguments_come_before_settings(self, project: Path) -> None:
        (project / "other.yaml").write_text(HEAD)
        run = wxgen("generate", "other.yaml", "-o", "elsewhere", cwd=project)
        assert run.returncode == 0
        assert not (project / "out").exists()
        assert "from other.yaml" in (project / "elsewhere/wxsocket/api.py").read_text()
        run = wxgen("generate", "--output", project / "third", cwd=project)
        assert run.returncode == 0
        assert "from api.yaml" in (project / "third/wxsocket/api.py").read_text()

    def test_settings_are_found_above_and_meant_from_there(self, project: Path) -> None:
        below = project / "a" / "b"
        below.mkdir(parents=True)
        run = wxgen("generate", cwd=below)
        assert run.returncode == 0
        assert (project / "out" / "wxsocket" / "api.py").is_file()
        assert f"wrote   {Path('../../out/wxsocket/api.py')}" in run.stdout.splitlines()
        assert wxgen("check", cwd=project).returncode == 0


class TestCheck:
    def test_same(self, project: Path) -> None:
        generated(project)
        before = times(project)
        run = wxgen("check", cwd=project)
        assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
        assert times(project) == before

    def test_different(self, project: Path) -> None:
        generated(project)
        types = project / "out" / "wxsocket" / "types.py"
        types.write_text(types.read_text().replace("size: int", "size: float"))
        (project / "out" / "REPORT.md").unlink()
        before = times(project)
        run = wxgen("check", cwd=project)
        assert (run.returncode, run.stderr) == (1, "")
        assert times(project) == before
        lines = run.stdout.splitlines()
        assert "--- a/wxsocket/types.py" in lines
        assert "+++ b/wxsocket/types.py" in lines
        assert "-    size: float" in lines
        assert "+    size: int" in lines
        assert lines[:2] == ["--- /dev/null", "+++ b/REPORT.md"]
        changed = [line for line in lines if line.startswith(("---", "+++"))]
        assert len(changed) == 4

    def test_the_diff_is_one_that_patch_takes(self, project: Path) -> None:
        if shutil.which("patch") is None:
            pytest.skip("there is no patch")
        generated(project)
        wanted = tree(project / "out")
        types = project / "out" / "wxsocket" / "types.py"
        types.write_text(types.read_text().replace("size: int", "size: float"))
        (project / "out" / "REPORT.md").unlink()
        run = wxgen("check", cwd=project)
        subprocess.run(
            ["patch", "-p1", "-d", project / "out"],
            input=run.stdout.encode(),
            capture_output=True,
            check=True,
        )
        assert tree(project / "out") == wanted

    def test_nothing_emitted_yet(self, project: Path) -> None:
        run = wxgen("check", cwd=project)
        assert run.returncode == 1
        assert len(re.findall(r"^--- /dev/null$", run.stdout, re.M)) == LISTED
        assert not (project / "out").exists()

    def test_stale_file(self, project: Path) -> None:
        earlier(project)
        shutil.copy(SECOND, project / "spec" / "api.yaml")
        run = wxgen("check", cwd=project)
        assert run.returncode == 1
        assert "--- a/earlier/api.py\n+++ /dev/null\n" in run.stdout
        assert (project / "out/earlier/api.py").is_file()

    def test_this_project(self) -> None:
        run = wxgen("check", cwd=ROOT)
        assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


class TestWrong:
    @pytest.mark.parametrize("command", ["generate", "check", "demo"])
    def test_every_fault_is_one_line_and_nothing_is_written(
        self, command: str, project: Path
    ) -> None:
        generated(project)
        text = HEAD + (
            "types:\n  A:\n    description: d\n    section: s\n    type: bool\n"
            "  B:\n    description: d\n    section: s\n    type: strin\n"
        )
        (project / "spec" / "api.yaml").write_text(text)
        before = times(project)
        spec = Path("spec/api.yaml")
        assert refused(wxgen(command, cwd=project)) == [
            f"{spec}:9:11: error: unknown type 'bool', did you mean 'boolean'?",
            f"{spec}:13:11: error: unknown type 'strin', did you mean 'string'?",
        ]
        assert times(project) == before

    def test_code_in_yaml_is_no_spec(self, tmp_path: Path) -> None:
        (tmp_path / "x.yaml").write_text("a: !!python/object/apply:os.system ['touch y']\n")
        lines = refused(wxgen("generate", "x.yaml", "-o", "out", cwd=tmp_path))
        assert any(line.startswith("x.yaml:1:4: error: tag ") for line in lines)
        assert all(re.match(r"x\.yaml:1:\d+: error: .", line) for line in lines)
        assert list(tree(tmp_path)) == ["x.yaml"]

    def test_the_spec_is_named_as_it_was_given(self, tmp_path: Path) -> None:
        file = tmp_path / "x.yaml"
        file.write_text("[]")
        for given in (file, Path("x.yaml"), Path("../x.yaml")):
            cwd = tmp_path if given != Path("../x.yaml") else tmp_path / "below"
            cwd.mkdir(exist_ok=True)
            (line,) = refused(wxgen("check", given, "-o", "out", cwd=cwd))
            assert line == f"{given}:1:1: error: expected a mapping, found a list"

    def test_no_such_spec(self, tmp_path: Path) -> None:
        run = wxgen("generate", "none.yaml", "-o", "out", cwd=tmp_path)
        assert refused(run) == ["none.yaml:1:1: error: no such file"]

    def test_a_folder_is_no_spec(self, tmp_path: Path) -> None:
        run = wxgen("generate", ".", "-o", "out", cwd=tmp_path)
        assert refused(run) == [".:1:1: error: is a folder, not a file"]

    def test_a_spec_that_is_not_utf_8(self, tmp_path: Path) -> None:
        (tmp_path / "x.yaml").write_bytes(b"wxgen: 1\ntitle: \xff\n")
        run = wxgen("generate", "x.yaml", "-o", "out", cwd=tmp_path)
        assert refused(run) == ["x.yaml:2:8: error: not UTF-8: byte 0xff"]

    def test_output_that_is_a_file(self, project: Path) -> None:
        (project / "out").write_text("x")
        (line,) = refused(wxgen("generate", cwd=project))
        assert line == "error: out: is not a folder; move it away or choose another folder"
        assert (project / "out").read_text() == "x"


class TestQuietly:
    def test_generate(self, project: Path) -> None:
        run = wxgen("generate", "--quiet", cwd=project)
        assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
        assert (project / "out/wxsocket/api.py").is_file()

    def test_check(self, project: Path) -> None:
        run = wxgen("check", "-q", cwd=project)
        assert (run.returncode, run.stdout, run.stderr) == (1, "", "")
        generated(project)
        run = wxgen("check", "-q", cwd=project)
        assert (run.returncode, run.stdout, run.stderr) == (0, "", "")

    @pytest.mark.parametrize("command", ["generate", "check"])
    def test_faults_are_told_all_the_same(self, command: str, project: Path) -> None:
        (project / "spec" / "api.yaml").write_text("[]")
        (line,) = refused(wxgen(command, "-q", cwd=project))
        assert line.endswith(":1:1: error: expected a mapping, found a list")


class TestAsJson:
    def test_generate(self, project: Path) -> None:
        run = wxgen("generate", "--json", cwd=project)
        assert (run.returncode, run.stderr) == (0, "")
        paths = sorted(tree(project / "out"))
        assert json.loads(run.stdout) == {
            "folder": "out",
            "written": paths,
            "unchanged": [],
            "removed": [],
            "left": [],
        }

    def test_check(self, project: Path) -> None:
        generated(project)
        run = wxgen("check", "--json", cwd=project)
        assert run.returncode == 0
        assert json.loads(run.stdout)["same"] is True
        types = project / "out" / "wxsocket" / "types.py"
        types.write_text(types.read_text().replace("size: int", "size: float"))
        run = wxgen("check", "--json", cwd=project)
        assert run.returncode == 1
        found = json.loads(run.stdout)
        assert found["same"] is False
        assert found["written"] == ["wxsocket/types.py"]
        assert "+    size: int" in found["diff"].splitlines()

    @pytest.mark.parametrize("command", ["generate", "check"])
    def test_faults(self, command: str, project: Path) -> None:
        (project / "spec" / "api.yaml").write_text("[]")
        run = wxgen(command, "--json", cwd=project)
        assert run.returncode == 2
        assert json.loads(run.stdout) == {
            "faults": [
                {
                    "path": str(Path("spec/api.yaml")),
                    "line": 1,
                    "column": 1,
                    "message": "expected a mapping, found a list",
                }
            ]
        }
        assert len(run.stderr.splitlines()) == 1


class TestSettings:
    def test_none(self, tmp_path: Path) -> None:
        (line,) = refused(wxgen("check", cwd=tmp_path))
        assert line == (
            'error: name the spec: wxgen ... SPEC, or set spec = "..." under [tool.wxgen] in '
            "a pyproject.toml here or above"
        )

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "set spec ="),
            ("[tool]\nwxgen = 1\n", "set spec ="),
            ("tool = 1\n", "set spec ="),
            ("[tool.wxgen]\nspec = 1\n", "set spec ="),
            ('[tool.wxgen]\nspec = "x.yaml"\n', "set output ="),
            ('[tool.wxgen]\nspec = "x.yaml"\noutput = ["a"]\n', "set output ="),
            ("[tool.wxgen\n", "cannot be read"),
            ('a = "\\ud800"\n', "cannot be read"),
        ],
    )
    def test_incomplete_or_unreadable(
        self, text: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "pyproject.toml").write_text(text)
        monkeypatch.chdir(tmp_path)
        with pytest.raises(SettingsError) as caught:
            settings()
        assert words in str(caught.value)
        assert str(tmp_path / "pyproject.toml") in str(caught.value)
        assert len(str(caught.value).splitlines()) == 1

    def test_unreadable(self, tmp_path: Path) -> None:
        (tmp_path / "pyproject.toml").write_text("[tool.wxgen\n")
        (line,) = refused(wxgen("generate", cwd=tmp_path))
        assert line.startswith(f"error: {tmp_path / 'pyproject.toml'} cannot be read: ")

    def test_not_needed_when_both_are_given(self, tmp_path: Path) -> None:
        (tmp_path / "pyproject.toml").write_text("[tool.wxgen\n")
        (tmp_path / "x.yaml").write_text(HEAD)
        assert wxgen("generate", "x.yaml", "-o", ".", cwd=tmp_path).returncode == 0
        assert (tmp_path / LIST).is_file()

    def test_unknown_option(self, project: Path) -> None:
        run = wxgen("generate", "--force", cwd=project)
        assert run.returncode == 2
        assert "No such option" in run.stderr
        assert not (project / "out").exists()

    def test_version_and_help(self, tmp_path: Path) -> None:
        assert wxgen("--version", cwd=tmp_path).stdout == f"wxgen, version {__version__}\n"
        shown = wxgen("-h", cwd=tmp_path).stdout
        assert all(command in shown for command in ("generate", "check", "demo"))
        assert all(f"_WXGEN_COMPLETE={shell}_source" in shown for shell in ("bash", "zsh", "fish"))

    def test_completion(self, tmp_path: Path) -> None:
        run = python("-m", "wxgen", cwd=tmp_path, _WXGEN_COMPLETE="bash_source")
        assert "complete -o nosort -F" in run.stdout


@pytest.mark.parametrize("closed", ["1", "2"])
def test_a_stream_that_is_closed_does_not_matter(project: Path, closed: str) -> None:
    shutil.copy(SPEC, project / "spec" / "api.yaml")
    command = f'exec "$0" -m wxgen generate {closed}>&-'
    run = subprocess.run(["sh", "-c", command, sys.executable], cwd=project, check=False)
    assert run.returncode == 0
    assert wxgen("check", cwd=project).returncode == 0


class TestDemo:
    def test_green(self, project: Path) -> None:
        shutil.copy(SPEC, project / "spec" / "api.yaml")
        run = python("-m", "wxgen", "demo", cwd=project, COLUMNS="80", NO_COLOR="1")
        assert run.returncode == 0, run.stdout + run.stderr
        shown = run.stdout
        assert "7 functions" in shown
        assert "6 methods of SocketTask" in shown
        assert "wrote    wxsocket/api.pyi" in shown
        assert len(re.findall(r"Success: no issues found in \d+ source file", shown)) == 2
        for name in ("queue_and_send", "connect_with_options", "close_when_open"):
            assert f"{name}.py" in shown
        # What the server says about the samples, beside what they say themselves.
        assert len(re.findall(r"server +accepted /", shown)) == 3
        assert re.search(r"server +echoes '", shown)
        assert re.search(r"server +closed with 1003", shown)
        assert re.search(r"sample +\S", shown)
        assert shown.rstrip().endswith("Everything passed.")
        assert wxgen("check", cwd=project).returncode == 0
        # A wrong call, below the line of the spec that forbids it; nothing is cut off.
        lines = [line.rstrip() for line in shown.splitlines()]
        row = next(line for line in lines if line.strip().startswith("spec/api.yaml:"))
        at = lines.index(row)
        number = int(row.rsplit(":", 1)[1])
        assert lines[at + 1].strip() == SPEC.read_text("utf-8").splitlines()[number - 1].strip()
        assert "tcpNoDelay" in lines[at + 1]
        assert any(re.match(r"\s+tcpNoDelay: bool", line) for line in lines)
        assert any('wx.connectSocket(url="text", tcpNoDelay="x")' in line for line in lines)
        assert any(line.strip().startswith("wrong.py:3: error: ") for line in lines)

    def test_a_spec_that_does_not_fit_the_engine_fails_the_types(self, project: Path) -> None:
        text = SPEC.read_text(encoding="utf-8")
        text = text.replace("        timeout:\n", "        patience:\n          support: ignored\n")
        (project / "spec" / "api.yaml").write_text(text, encoding="utf-8")
        run = wxgen("demo", cwd=project)
        assert run.returncode == 1
        assert "error: " in run.stdout
        assert "timeout" in run.stdout
        assert "queue_and_send.py" not in run.stdout
        assert run.stdout.rstrip().endswith("Something failed: see above.")

    def test_what_it_needs_is_named_when_it_is_missing(self, project: Path) -> None:
        (project / "rich.py").write_text("raise ModuleNotFoundError('rich', name='rich')\n")
        run = python("-m", "wxgen", "demo", cwd=project, PYTHONPATH=str(project))
        assert refused(run) == [
            "error: wxgen demo needs rich, which an extra brings along: pip install 'wxsocket[demo]'"
        ]

    def test_a_sample_that_cannot_run_fails(self, project: Path) -> None:
        """The samples need a namespace of the name `wx`."""
        text = SPEC.read_text(encoding="utf-8").replace("namespace: wx\n", "namespace: my\n")
        text = text.replace("engine: websocket\n", "")
        (project / "spec" / "api.yaml").write_text(text, encoding="utf-8")
        run = wxgen("demo", cwd=project)
        assert run.returncode == 1
        assert len(re.findall(r"failed +\w+\.py ended with status 1", run.stdout)) == 3
        assert "cannot import name 'wx'" in run.stdout
        assert run.stdout.rstrip().endswith("Something failed: see above.")


def test_what_the_extra_brings_along_is_named_when_it_is_missing(tmp_path: Path) -> None:
    # A package of this name that cannot be had stands before the real one.
    (tmp_path / "click.py").write_text("raise ModuleNotFoundError('click', name='click')\n")
    ended = python("-m", "wxgen", "check", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        "error: wxgen needs click, which an extra brings along: pip install 'wxsocket[gen]'\n"
    )
