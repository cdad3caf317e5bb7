"""What is emitted: the same bytes everywhere, marked, typed, canonical, and of use."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import shutil
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from generator.kit import GENERATED, HEAD, ROOT, SECOND, SPEC, emit_text, passes, put, python

from wxgen import __version__
from wxgen.emit.output import EMITTED, LIST, apply, plan
from wxgen.pipeline import Emission, emit

FILES: Final = [
    "REPORT.md",
    "wxsocket/API.md",
    "wxsocket/__init__.py",
    "wxsocket/api.py",
    "wxsocket/api.pyi",
    "wxsocket/constants.py",
    "wxsocket/options.py",
    "wxsocket/py.typed",
    "wxsocket/types.py",
]
"""What every spec gives; an engine adds to it."""


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but those that Python and the checkers make for themselves."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "cache" not in str(path.relative_to(folder))
    }


class TestGolden:
    """`generated/` is what the spec gives; who changes either commits both."""

    @pytest.fixture(scope="class", autouse=True)
    @staticmethod
    def regenerated(tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("golden")
        apply(plan(emit(SPEC).files, folder))
        return folder

    def test_every_file_is_there_and_no_other(self, regenerated: Path) -> None:
        assert sorted(tree(GENERATED)) == sorted(tree(regenerated))

    def test_every_byte(self, regenerated: Path) -> None:
        ours, theirs = tree(regenerated), tree(GENERATED)
        assert [path for path in ours if ours[path] != theirs.get(path)] == []

    def test_files(self, regenerated: Path) -> None:
        found = tree(regenerated)
        beside = {"__main__", "locust", "pytest_plugin", "testing"}
        assert found.keys() == {*FILES, LIST, *(f"wxsocket/{name}.py" for name in beside)}


OUTSIDE: Final = ("pytest", "typing_extensions", "wxruntime")
"""What emitted modules may import from elsewhere: the second is for stubs only."""

SCRIPT: Final = """
import hashlib, sys
from pathlib import Path
from wxgen.pipeline import emit
files = emit(Path(sys.argv[1])).files
print(list(files))
print(hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest())
"""


class TestSameBytes:
    def test_in_every_process_and_folder(self, tmp_path: Path) -> None:
        """The seed of hashing, the current folder and the spelling of the path change nothing."""
        beside = tmp_path / "elsewhere" / SECOND.name
        beside.parent.mkdir()
        shutil.copy(SECOND, beside)
        runs = [
            (SECOND, ROOT, "0"),
            (SECOND, tmp_path, "1"),
            (SECOND.relative_to(ROOT), ROOT, "2"),
            (Path(beside.name), beside.parent, "3"),
            (Path("..") / "elsewhere" / beside.name, beside.parent, "random"),
        ]
        printed = {
            passes(python("-c", SCRIPT, spec, cwd=cwd, PYTHONHASHSEED=seed))
            for spec, cwd, seed in runs
        }
        assert len(printed) == 1

    def test_whatever_ends_the_lines_of_the_spec(self, tmp_path: Path) -> None:
        text = SECOND.read_text(encoding="utf-8")
        assert "\r" not in text
        plain = emit_text(text, tmp_path, "a.yaml").files
        assert emit_text(text.replace("\n", "\r\n"), tmp_path, "a.yaml").files == plain
        assert emit_text(f"\ufeff{text}", tmp_path, "a.yaml").files == plain

    def test_what_does_not_change_a_file_does_not_change_its_header(self, tmp_path: Path) -> None:
        text = SECOND.read_text(encoding="utf-8")
        first = emit_text(text, tmp_path).files
        assert emit_text(text + "# end\n", tmp_path).files == first
        changed = emit_text(text.replace("Files and their places", "Other words"), tmp_path).files
        assert changed["wxsocket/api.py"] != first["wxsocket/api.py"]
        assert changed["wxsocket/options.py"] == first["wxsocket/options.py"]
        assert changed["wxsocket/types.py"] == first["wxsocket/types.py"]


@pytest.fixture(scope="module", params=[SPEC, SECOND], ids=["websocket", "second"])
def emitted(request: pytest.FixtureRequest) -> tuple[Path, Mapping[str, str]]:
    spec: Path = request.param
    return spec, emit(spec).files


class TestEveryFile:
    def test_first_line_says_that_it_is_emitted_and_from_what(
        self, emitted: tuple[Path, Mapping[str, str]]
    ) -> None:
        spec, files = emitted
        advice = "Do not edit; run: wxgen generate"
        for path, text in files.items():
            line, _, rest = text.partition("\n")
            if path.endswith(".md"):
                body = rest.removeprefix("\n")
                shown = re.fullmatch(rf"<!-- (.*)\. {advice} -->", line)
            else:
                second, _, body = rest.partition("\n")
                assert second == f"# {advice}"
                shown = re.fullmatch(r"# (.*)\.", line)
            digest = hashlib.sha256(body.encode()).hexdigest()[:16]
            wanted = f"{EMITTED} {__version__} from {spec.name} (sha256 {digest})"
            assert shown is not None, path
            assert shown[1] == wanted, path

    def test_lines_are_no_longer_than_they_may_be(
        self, emitted: tuple[Path, Mapping[str, str]]
    ) -> None:
        for path, text in emitted[1].items():
            if path.endswith((".py", ".pyi")):
                assert [line for line in text.split("\n") if len(line) > 100] == [], path

    def test_no_time_no_absolute_path_no_name_of_a_user(
        self, emitted: tuple[Path, Mapping[str, str]]
    ) -> None:
        _, files = emitted
        for path, text in files.items():
            assert str(ROOT) not in text, path
            assert str(Path.home()) not in text, path
            assert sys.prefix not in text, path
            assert not re.search(r"\b20\d\d-\d\d-\d\d\b|\b\d\d:\d\d:\d\d\b", text), path

    def test_text_is_plain(self, emitted: tuple[Path, Mapping[str, str]]) -> None:
        _, files = emitted
        for path, text in files.items():
            assert text.endswith("\n"), path
            assert not text.endswith("\n\n"), path
            assert "\r" not in text, path
            assert "\t" not in text, path
            assert [line for line in text.split("\n") if line != line.rstrip()] == [], path

    def test_it_imports_neither_generator_nor_template_nor_yaml(
        self, emitted: tuple[Path, Mapping[str, str]]
    ) -> None:
        _, files = emitted
        for path, text in files.items():
            if path.endswith((".py", ".pyi")):
                for node in ast.walk(ast.parse(text)):
                    names = []
                    if isinstance(node, ast.Import):
                        names = [alias.name for alias in node.names]
                    elif isinstance(node, ast.ImportFrom) and node.level == 0:
                        names = [node.module or ""]
                    roots = {name.partition(".")[0] for name in names}
                    assert roots <= {*sys.stdlib_module_names, *OUTSIDE}, path

    def test_it_is_marked_as_typed(self, emitted: tuple[Path, Mapping[str, str]]) -> None:
        assert "wxsocket/py.typed" in emitted[1]

    def test_report_lists_the_files(self, emitted: tuple[Path, Mapping[str, str]]) -> None:
        _, files = emitted
        assert re.findall(r"^- `(\S+)`$", files["REPORT.md"], re.M) == [
            *sorted(set(files) - {"REPORT.md"}),
            "REPORT.md",
        ]


RUNTIME: Final = str(ROOT / "generator")

IMPORTED: Final = """
import json, sys
before = set(sys.modules)
import wxsocket
names = {name.partition(".")[0] for name in set(sys.modules) - before}
print(json.dumps(sorted(names - set(sys.stdlib_module_names))))
"""


class TestImports:
    """Where nothing but `websockets` can be imported."""

    def test_the_websocket_package(self, tmp_path: Path) -> None:
        put(emit(SPEC).files, tmp_path / "out")
        site = Path(sysconfig.get_path("purelib"))
        (tmp_path / "site").mkdir()
        (tmp_path / "site" / "websockets").symlink_to(site / "websockets", target_is_directory=True)
        paths = [str(tmp_path / "out"), str(tmp_path / "site"), RUNTIME]
        path = f"sys.path[:0] = {paths!r}"
        found = passes(python("-I", "-S", "-c", f"import sys; {path}\n{IMPORTED}", cwd=tmp_path))
        assert json.loads(found) == ["websockets", "wxruntime", "wxsocket"]

    def test_a_package_without_an_engine_needs_nothing(self, tmp_path: Path) -> None:
        put(emit(SECOND).files, tmp_path / "out")
        path = f"sys.path[:0] = {[str(tmp_path / 'out'), RUNTIME]!r}"
        found = passes(python("-I", "-S", "-c", f"import sys; {path}\n{IMPORTED}", cwd=tmp_path))
        assert json.loads(found) == ["wxruntime", "wxsocket"]

    def test_the_python_that_cannot_import_more_is_one(self, tmp_path: Path) -> None:
        assert python("-I", "-S", "-c", "import yaml", cwd=tmp_path).returncode != 0


# A use of the second package, with the faults that mypy is to find in it.
USES: Final = """\
from wxsocket import Manager, Place, ReadFail, ReadFileOption, ReadResult, Result, Stat, disk


def ok(res: ReadResult) -> None:
    reveal = res.data
    sizes: list[int] = [stat.size for stat in res.stats]
    camera: bool = res.scope__camera
    print(res.errMsg, reveal, sizes, camera, res.global_)


def failed(res: ReadFail) -> None:
    print(res.errMsg, res.errno, res.stat.mode, res.tried, res.byPath)


async def use(manager: Manager) -> ReadResult:
    disk.readFile(path="a", mode="w", success=ok, fail=failed, class_="x", length="all")
    disk.readFile(ReadFileOption(path="a", place=Place(path="b", within=Place(path="c"))))
    disk.readFile(path="a", filter=lambda stat, index: stat.size > index)
    disk.getSizes()
    text = disk.readFileSync("a", "r", True)
    text.encode()  # error: has no attribute "encode"
    stored: int = disk.getStorage(key="a", otherwise=1).result().errMsg  # error: Incompatible types
    disk.log(1, "two", None)
    manager.on("change", lambda stat: print(stat.size))
    manager.on("other", print)  # error: Argument 1
    disk.log(1)
    manager.global_(in_=["r", 'it\\'s "both"']).result().errMsg
    again: Manager = manager.return_([b"data", Place(path="b"), [], {"a": "b"}])
    again.close()
    disk.readFile(path=1)  # error: No overload variant
    disk.readFile(mode="r")  # error: No overload variant
    disk.readFile(path="a", mode="x")  # error: No overload variant
    disk.readFile(path="a", success=failed)  # error: Argument "success"
    manager.stat = None  # error: Property "stat"
    disk.offChange()
    return await disk.readFile(path="a")


@disk.onChange
def changed(stat: Stat) -> int:
    return stat.children[0].size


number: int = changed(Stat(size=1, mode="r", children=[]))
disk.offChange(changed)


@disk.onChange  # error: incompatible type
def wrong(res: Result) -> None: ...
"""


class TestCheckers:
    """The second package, and the least one, by mypy, stubtest and ruff."""

    @pytest.fixture(scope="class")
    @staticmethod
    def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("checked")
        put(emit(SECOND).files, folder / "second")
        put(emit_text(HEAD, folder).files, folder / "least")
        (folder / "uses.py").write_text(USES, encoding="utf-8")
        return folder

    @pytest.mark.parametrize("name", ["second", "least"])
    def test_mypy(self, name: str, out: Path) -> None:
        folder = out / name
        mypy = ["-m", "mypy", "--strict", "--config-file="]
        passes(python(*mypy, "wxsocket", cwd=folder))
        # The stub hides the code beside it.
        passes(python(*mypy, "wxsocket/api.py", cwd=folder))

    def test_stubtest(self, out: Path) -> None:
        folder = out / "second"
        passes(python("-m", "mypy.stubtest", "wxsocket", cwd=folder, PYTHONPATH=str(folder)))

    def test_ruff(self, out: Path) -> None:
        config = ("--config", ROOT / "pyproject.toml", "--no-cache")
        passes(python("-m", "ruff", "check", *config, "second", "least", cwd=out))
        passes(python("-m", "ruff", "format", "--check", *config, "second", "least", cwd=out))

    def test_users_are_told_what_is_wrong_and_nothing_else(self, out: Path) -> None:
        run = python(
            *("-m", "mypy", "--strict", "--config-file=", "--hide-error-context", "uses.py"),
            cwd=out,
            MYPYPATH=str(out / "second"),
        )
        found = {
            int(match[1]): match[2]
            for match in re.finditer(r"^uses\.py:(\d+): error: (.*)$", run.stdout, re.M)
        }
        wanted = {
            number: line.partition("# error: ")[2]
            for number, line in enumerate(USES.split("\n"), 1)
            if "# error: " in line
        }
        assert found.keys() == wanted.keys(), run.stdout
        for number, words in wanted.items():
            assert words in found[number]


BEHAVES: Final = """
import asyncio, dataclasses, logging
import wxsocket
from wxsocket import *

NO = "fail not supported"


def raises(kind, call, *arguments, **fields):
    try:
        call(*arguments, **fields)
    except kind as error:
        return str(error)
    raise AssertionError(f"{call} did not raise")


# A call with options answers through fail, then complete, and when awaited.
heard = []
call = disk.readFile(path="a", fail=lambda res: heard.append(res), complete=lambda res: heard.append(res))
assert heard[0] is heard[1] and len(heard) == 2
failed = heard[0]
assert isinstance(failed, ReadFail) and isinstance(failed, Result)
assert failed == ReadFail(
    errMsg=f"readFile:{NO}", errno=1300001, stat=Stat(size=0, mode="r", children=[]), tried=[], byPath={}
)
assert call.done()
assert raises(WxError, call.result) == f"readFile:{NO}"


async def main():
    for call in (disk.readFile(path="a"), disk.getSizes(), disk.getSizes(SizesOption())):
        try:
            await call
        except WxError as error:
            assert error.errMsg.endswith(f":{NO}"), error
        else:
            raise AssertionError
    told = []

    async def later(res):
        told.append(type(res))

    Manager().global_(in_=["r"], fail=later, complete=told.append)
    await asyncio.sleep(0.01)
    assert sorted(map(str, told)) == sorted([str(Result), str(Result(errMsg=f"Manager.global:{NO}"))])


asyncio.run(main())

# Without success nothing is called.
disk.readFile(path="a", success=heard.append, complete=heard.append)
assert len(heard) == 3

# Everything else raises.
assert raises(WxError, disk.onChange, print) == f"onChange:{NO}"
assert raises(WxError, disk.offChange) == f"offChange:{NO}"
assert raises(WxError, disk.onIdle, print) == f"onIdle:{NO}"
assert raises(WxError, disk.readFileSync, "a", "r", None) == f"readFileSync:{NO}"
assert raises(WxError, disk.log, 1, 2, 3) == f"log:{NO}"
manager = disk.getManager()
assert isinstance(manager, wxsocket.Base)
assert isinstance(manager.return_("x"), Manager)
assert raises(WxError, manager.on, "change", print) == f"Manager.on:{NO}"
assert raises(WxError, manager.close) == f"Base.close:{NO}"
assert raises(WxError, lambda: manager.id) == f"Base.id:{NO}"
assert raises(WxError, lambda: manager.in_) == f"Manager.in:{NO}"

# Both styles, never mixed.
raises(TypeError, disk.readFile)
raises(TypeError, disk.readFile, path="a", nothing=1)
raises(TypeError, disk.readFile, ReadFileOption(path="a"), path="a")
raises(TypeError, disk.readFile, SizesOption())
raises(TypeError, disk.readFile, "a")

# Option objects and results are dataclasses, by keyword, with slots.
for kind in (ReadFileOption, SizesOption, ReadResult, Stat, Owner, Place, ReadFail):
    assert dataclasses.is_dataclass(kind)
    assert not hasattr(object.__new__(kind), "__dict__")
raises(TypeError, Stat, 1, "r")
raises(TypeError, Stat, size=1)
assert [field.name for field in dataclasses.fields(ReadResult)] == [
    "errMsg", "data", "stats", "global_", "scope__camera"
]
assert [field.name for field in dataclasses.fields(ReadFileOption)] == [
    "path", "mode", "place", "class_", "filter", "length", "success", "fail", "complete"
]
option = ReadFileOption(path="a")
assert (option.mode, option.length, option.place, option.fail) == ("r", "all", None, None)
assert dataclasses.replace(option, path="b") == ReadFileOption(path="b")
raises(AttributeError, setattr, option, "nothing", 1)
match Stat(size=3, mode="r", children=[]):
    case Stat(size=size, children=[]):
        assert size == 3


# A fake of the platform stands where an engine would.
class Fake(Disk):
    def _readFileSync(self, path, mode="r", return_=None):
        return f"{path} {mode} {return_}"

    def _onChange(self, listener):
        listener(Stat(size=1, mode="r", children=[]))

    def _log(self, *words):
        heard.append(words)


fake = Fake()
assert fake.readFileSync("a") == "a r None"
assert fake.readFileSync("a", return_=True) == "a r True"
assert fake.onChange(heard.append) == heard.append
assert heard[-1] == Stat(size=1, mode="r", children=[])
fake.log(1, 2)
assert heard[-1] == (1, 2)

from wxsocket import constants
assert (constants.MAX_NAME, constants.RATIO, constants.LABEL) == (255, 0.5, 'it\\'s "quoted"')
assert type(disk) is Disk
assert sorted(wxsocket.__all__) == sorted([
    "Base", "Call", "Data", "Data2", "Disk", "Errno", "GetStorageOption", "Manager",
    "ManagerGlobalOption", "Mode", "Owner", "Place", "ReadFail", "ReadFileOption", "ReadResult",
    "Result", "SizesOption", "Stat", "WxError", "disk",
])
assert not [name for name in wxsocket.__all__ if not hasattr(wxsocket, name)]
print("done")
"""


class TestBehaviour:
    def test_a_package_without_an_engine(self, tmp_path: Path) -> None:
        put(emit(SECOND).files, tmp_path)
        run = python("-X", "dev", "-c", BEHAVES, cwd=tmp_path)
        assert passes(run) == "done\n"
        # Nobody could have seen that the call failed which had neither fail nor complete.
        assert "Traceback" not in run.stderr


class TestWords:
    """What the reference and the report tell of the second spec."""

    @pytest.fixture(scope="class")
    @staticmethod
    def emission() -> Emission:
        return emit(SECOND)

    @pytest.fixture(scope="class")
    @staticmethod
    def reference(emission: Emission) -> str:
        return emission.files["wxsocket/API.md"]

    @pytest.fixture(scope="class")
    @staticmethod
    def report(emission: Emission) -> str:
        return emission.files["REPORT.md"]

    @pytest.mark.parametrize(
        "line",
        [
            "# Disk",
            "### readFile",
            "### Manager.global",
            "Since base library 1.9.9.",
            "**Deprecated.** Use the manager.",
            "> **Caution.** Nothing is behind these calls.",
            "> **Note.** It blocks.",
            'await disk.readFile(path="text")',
            "await disk.getSizes()",
            "@disk.onChange",
            "disk.offChange()",
            'result = disk.readFileSync("a/b.txt", "r", True)',
            "manager = disk.getManager()",
            "Section of the document: readFileSync.",
            "The same as `str | bytes | bytearray | memoryview | Sequence[`[`Data2`](#data2)`] | None`.",
        ],
    )
    def test_reference(self, line: str, reference: str) -> None:
        assert line in reference.split("\n")

    @pytest.mark.parametrize(
        "row",
        [
            "| `mode` | [`Mode`](#mode)` \\| None` | `\"r\"` | How to open it. Default: 'r'. |",
            "| `path` | `str` | required | The file. |",
            "| `class_` | `str \\| None` | `None` | A name that Python has for itself. |",
            "| `-2` | No such file. |",
            "| `RATIO` | `0.5` | A number with a fraction. Since base library 2.0.0. | limits |",
            '| `"w"` | For writing. Since base library 2.0.1. |',
            "| `size` | `int` | How large it is. Unit: bytes. |",
        ],
    )
    def test_rows_of_the_reference(self, row: str, reference: str) -> None:
        assert row in reference.split("\n")

    def test_a_listener_is_told_what_it_gets_with_what_is_inherited(self, tmp_path: Path) -> None:
        text = SECOND.read_text(encoding="utf-8").replace(
            "      result: Stat\n      description: Called with what changed.",
            "      result: ReadFail\n      description: Called with what changed.",
        )
        reference = emit_text(text, tmp_path).files["wxsocket/API.md"]
        part = reference.partition("### onChange\n")[2].partition("\n### ")[0]
        assert re.findall(r"^\| `(\w+)`", part, re.M) == [
            "errMsg",
            "errno",
            "stat",
            "tried",
            "byPath",
        ]

    @pytest.mark.parametrize(
        "row",
        [
            "| functions | 9 |",
            "| classes | 2 |",
            "| methods | 5 |",
            "| option objects | 4 |",
            "| named types | 10 |",
            "| constants | 3 |",
            "Engine: none; every call answers `not supported`.",
            "| `Manager.global` | | `global_` |",
            "| `Manager.return` | | `return_` |",
            "| `Manager.in` | | `in_` |",
            "| `ReadFileOption.class` | | `class_` |",
            "| `ManagerGlobalOption.in` | | `in_` |",
            "| `ReadResult.global` | | `global_` |",
            "| `ReadResult.scope.camera` | | `scope__camera` |",
            "- `readFileSync`: It blocks.",
            "- `Base`: It is named nowhere.",
        ],
    )
    def test_report(self, row: str, report: str) -> None:
        assert row in report.split("\n")

    def test_renamed_parameters_are_reported_too(self, report: str) -> None:
        assert "| `readFileSync.return` | | `return_` |" in report.split("\n")
        assert "| `Manager.return.class` | | `class_` |" in report.split("\n")

    def test_every_thing_of_the_spec_has_its_place(
        self, emission: Emission, reference: str
    ) -> None:
        api = emission.api
        headings = re.findall(r"^### (.+)$", reference, re.M)
        calls = [
            call.name if call.owner is None else f"{call.owner}.{call.name}" for call in api.calls
        ]
        assert sorted(headings) == sorted([*calls, *(type_.name for type_ in api.types)])

    def test_what_is_deprecated_says_so_in_its_docstring(self, emission: Emission) -> None:
        found = ast.parse(emission.files["wxsocket/api.py"])
        docs = {
            node.name: ast.get_docstring(node) or ""
            for node in ast.walk(found)
            if isinstance(node, ast.FunctionDef)
        }
        assert "Deprecated: Use the manager." in docs["log"]
        assert "Since base library 1.9.9." in docs["readFile"]
