"""The types accept every right line and reject every wrong one, in both checkers at their strictest."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest
from cases import Batch, derive, written
from checkers import CHECKERS, GENERATED, ROOT, Findings, check
from generator.kit import put

import wxsocket
from wxgen.pipeline import emit

HERE: Final = Path(__file__).parent
FIRST: Final = ROOT / "spec" / "websocket.yaml"
SECOND: Final = HERE / "second.yaml"
WRITTEN: Final = HERE / "written.py"

# Two runs of checkers, 40 s on two idle cores, are waited for by whichever test is first.
pytestmark = pytest.mark.timeout(300)

# How few lines there would be if a whole kind of them had got lost: right ones, wrong ones.
LEAST: Final = {"derived": (800, 2200), "written": (250, 130), "second": (450, 2000)}

# Named apart from the values that coroutines yield and are sent, of which nobody hears; and from
# what the callbacks of an option object receive, where any option object is taken.
HARMLESS: Final = re.compile(r"\b(Coroutine(Type)?\[Any, Any, |ConnectOptions\[Any\])")

Batches = dict[str, Findings]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Future[Batches]]]:
    """All batches in each checker, both checkers at a time."""
    second = emit(SECOND)
    packages = put(second.files, tmp_path_factory.mktemp("packages"))
    text = WRITTEN.read_text(encoding="utf-8").replace("# mypy: ignore-errors", "#")
    batches = {
        "derived": derive(emit(FIRST).api),
        "second": derive(second.api),
        "written": written(text),
        "signatures": signatures(),
    }
    with ThreadPoolExecutor(2) as pool:
        yield {
            checker: pool.submit(
                check, checker, batches, tmp_path_factory.mktemp(checker), [GENERATED, packages]
            )
            for checker in sorted(CHECKERS)
        }


@pytest.fixture
def findings(request: pytest.FixtureRequest, runs: Mapping[str, Future[Batches]]) -> Findings:
    """What the checker says of the batch that the test asks for."""
    name, checker = request.param
    return runs[checker].result()[name]


def each(*names: str) -> pytest.MarkDecorator:
    """Run a test for some batches, in each checker."""
    wanted = [(name, checker) for name in names for checker in sorted(CHECKERS)]
    return pytest.mark.parametrize("findings", wanted, indirect=True, ids="-".join)


@each("derived", "written", "second")
def test_wrong_lines_are_rejected(findings: Findings) -> None:
    shown = findings.accepted
    assert not shown, f"{len(shown)} wrong lines are accepted:\n" + "\n".join(shown)


@each("derived", "written", "second", "signatures")
def test_right_lines_are_accepted(findings: Findings) -> None:
    shown = findings.rejected
    assert not shown, f"{len(shown)} complaints of right lines:\n" + "\n".join(shown)


@pytest.mark.parametrize("name", LEAST)
def test_there_are_enough_lines(name: str, runs: Mapping[str, Future[Batches]]) -> None:
    batch = runs["mypy"].result()[name].batch
    assert batch.right_count > LEAST[name][0]
    assert len(batch.wrong) > LEAST[name][1]


@each("signatures")
def test_no_signature_holds_any(findings: Findings) -> None:
    asked = {line for line, about in findings.batch.about.items() if "reveal_type(" in about}
    assert findings.revealed.keys() == asked
    leaks = [
        f"{findings.batch.about[line]}: {shown}"
        for line, shown in findings.revealed.items()
        if re.search(r"\b(Any|Unknown)\b", HARMLESS.sub("", shown))
    ]
    assert not leaks, "\n".join(leaks)


def signatures() -> Batch:
    """A module that asks for the type of everything that users can get at."""
    lines = [
        "from typing import reveal_type",
        f"from wxsocket import {', '.join(wxsocket.__all__)}",
        "reveal_type(wx)",
    ]
    for name in wxsocket.__all__:
        exported = getattr(wxsocket, name)
        if not inspect.isclass(exported):
            continue
        kind = f"{name}[GeneralCallbackResult]" if name == "Call" else name
        lines += [f"def of_{name}(one: {kind}) -> None:", f"    reveal_type({kind}.__init__)"]
        lines += [f"    reveal_type(one.{member})" for member in members(exported)]
    return written("\n".join([*lines, ""]))


def members(class_: type[object]) -> list[str]:
    """The public members that a class of ours, or a base of ours, defines."""
    found: dict[str, None] = {}
    for base in class_.__mro__:
        if base.__module__.startswith("wxsocket"):
            names = [*vars(base), *vars(base).get("__annotations__", {})]
            asynchronous = ("__aenter__", "__aexit__", "__aiter__")
            kept = [name for name in names if name[0] != "_" or name in asynchronous]
            found |= dict.fromkeys(kept)
    return sorted(found)
