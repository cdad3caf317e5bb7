"""What an engine adds to the emitted classes, read from the runtime's source.

Signature and text are those of the runtime's own docstrings. The source is parsed, not imported, so
that generating imports no network code.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from wxgen.python.docstrings import Doc, Entries, paragraph

__all__ = ["Addition", "RuntimeClass", "runtime_class"]

# Methods that are used through a statement of the language.
_STATEMENTS = {
    "__enter__": "with {} as value",
    "__iter__": "for message in {}",
    "__aenter__": "async with {} as value",
    "__aiter__": "async for message in {}",
}


@dataclass(frozen=True)
class Addition:
    """A member that a runtime class brings along.

    Attributes:
        name: Its name; ``__init__`` is the constructor.
        shown: How it is used, with ``{}`` for the object.
        doc: Its docstring.
    """

    name: str
    shown: str
    doc: Doc


@dataclass(frozen=True)
class RuntimeClass:
    """A class of the runtime that emitted classes extend.

    Attributes:
        names: Everything that it defines, private names included.
        additions: What a user can get at.
        doc: Its docstring.
    """

    name: str
    names: frozenset[str]
    additions: tuple[Addition, ...]
    doc: Doc


@cache
def runtime_class(module: str, name: str) -> RuntimeClass:
    """Read a class of the runtime.

    Args:
        module: The package that holds it, in whichever of its modules.
        name: The class.

    Raises:
        LookupError: There is no such class.
    """
    for node in _classes(module, name):
        if node.name == name:
            return _read(node)
    raise LookupError(f"{module} has no class {name}")


def _classes(module: str, name: str) -> Iterator[ast.ClassDef]:
    for file in sorted(resources.files(module).iterdir(), key=lambda file: file.name):
        text = file.read_text(encoding="utf-8") if file.name.endswith(".py") else ""
        if f"class {name}" in text:  # parsing takes long
            module_ = _Plain().visit(ast.parse(text))
            yield from (node for node in module_.body if isinstance(node, ast.ClassDef))


class _Plain(ast.NodeTransformer):
    """Puts the names of modules back that were imported under others."""

    def __init__(self) -> None:
        self._modules: dict[str, str] = {}

    def visit_Import(self, node: ast.Import) -> ast.Import:
        self._modules |= {alias.asname: alias.name for alias in node.names if alias.asname}
        return node

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self._modules.get(node.id, node.id)
        return node


def _read(class_: ast.ClassDef) -> RuntimeClass:
    names: set[str] = set()
    additions: list[Addition] = []
    doc = _doc(class_)
    for node in ast.walk(class_):
        # What is assigned to self is a name of the class too.
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.add(node.attr)
    for node in class_.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
            additions += _addition(node)
            if node.name == "__init__" and any(isinstance(block, Entries) for block in doc):
                # The arguments of the constructor are in the docstring of the class.
                additions.append(Addition("__init__", f"{{}}({_parameters(node.args)})", doc))
    return RuntimeClass(class_.name, frozenset(names), tuple(additions), doc)


def _addition(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Addition]:
    name = function.name
    doc = _doc(function)
    decorators = {ast.unparse(each).rpartition(".")[2] for each in function.decorator_list}
    if not doc or "overload" in decorators or decorators & {"setter", "deleter"}:
        return
    if name in _STATEMENTS:
        yield Addition(name, _STATEMENTS[name], doc)
    elif name[0] != "_" and "property" in decorators:
        yield Addition(name, f"{{}}.{name}{_returns(function, ': ')}", doc)
    elif name[0] != "_":
        wait = "await " if isinstance(function, ast.AsyncFunctionDef) else ""
        shown = f"{wait}{{}}.{name}({_parameters(function.args)}){_returns(function, ' -> ')}"
        yield Addition(name, shown, doc)


def _returns(function: ast.FunctionDef | ast.AsyncFunctionDef, mark: str) -> str:
    if function.returns is None or ast.unparse(function.returns) == "None":
        return ""
    return mark + _annotation(function.returns)


def _parameters(arguments: ast.arguments) -> str:
    shown = ast.arguments(
        posonlyargs=[], args=[*arguments.posonlyargs, *arguments.args][1:], vararg=arguments.vararg,
        kwonlyargs=arguments.kwonlyargs, kw_defaults=arguments.kw_defaults,
        kwarg=arguments.kwarg, defaults=arguments.defaults,
    )  # fmt: skip
    return re.sub(r"(?<=\w)=(?=\S)", " = ", _braces(ast.unparse(shown))) if shown else ""


def _annotation(node: ast.expr) -> str:
    return _braces(node.value if isinstance(node, ast.Constant) else ast.unparse(node))


def _braces(text: object) -> str:
    return str(text).replace("{", "{{").replace("}", "}}")


def _doc(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> Doc:
    text = inspect.cleandoc(ast.get_docstring(node) or "").replace("``", "`")
    return tuple(_block(block) for block in text.split("\n\n") if block.strip())


def _block(block: str) -> str | Entries:
    first, *rest = block.split("\n")
    if not first.endswith(":") or not rest or not all(line.startswith("    ") for line in rest):
        return paragraph(re.sub(r":\w+:(?=`)", "", block))
    entries: list[tuple[str, str]] = []
    for line in rest:
        name, colon, text = line.strip().partition(": ")
        if line.startswith("     ") and entries:
            entries[-1] = (entries[-1][0], f"{entries[-1][1]} {line.strip()}")
        elif colon:
            entries.append((name, text))
        else:
            entries.append(("", line.strip()))
    return Entries(first.removesuffix(":"), tuple(entries))
