"""What this copy of the runtime is: its version, and whether it was compiled."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform

__all__ = ["describe", "is_compiled"]


def is_compiled() -> bool:
    """Tell whether the engine's modules are native code."""
    spec = importlib.util.find_spec("wxruntime.websocket.link")
    return spec is not None and not (spec.origin or "").endswith((".py", ".pyc"))


def describe() -> str:
    """Describe the runtime in one line: for ``--version``, and for reports of faults."""
    parts = [
        f"wxsocket {_version('wxsocket')} ({'compiled' if is_compiled() else 'pure Python'})",
        f"websockets {_version('websockets')}",
        f"{platform.python_implementation()} {platform.python_version()}",
    ]
    return ", ".join(parts)


def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "of unknown version"
