"""Circles and long chains among names, found in linear time and without recursion."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

__all__ = ["components", "depths"]

N = TypeVar("N", bound=Hashable)


def components(graph: Mapping[N, Iterable[N]]) -> Iterator[list[N]]:
    """Find what leads to itself (Tarjan's strongly connected components).

    Args:
        graph: What each node leads to; nodes that lead nowhere may be missing.

    Yields:
        Nodes that lead to each other, each node once. Those that others lead to come first.
    """
    index: dict[N, int] = {}
    low: dict[N, int] = {}
    stack: list[N] = []
    on_stack: set[N] = set()
    for root in graph:
        if root in index:
            continue
        work: list[tuple[N, Iterator[N]]] = [(root, iter(graph.get(root, ())))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, following = work[-1]
            for other in following:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(graph.get(other, ()))))
                    break
                if other in on_stack:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    yield _popped(stack, on_stack, node)


def _popped(stack: list[N], on_stack: set[N], last: N) -> list[N]:
    found: list[N] = []
    while True:
        node = stack.pop()
        on_stack.discard(node)
        found.append(node)
        if node == last:
            return found


def depths(graph: Mapping[N, Iterable[N]]) -> tuple[dict[N, int], set[N]]:
    """Measure the longest way from each node.

    Args:
        graph: What each node leads to.

    Returns:
        How many steps the longest way from each node has, ways round a circle counted as one; and
        the nodes that lead to themselves.
    """
    deep: dict[N, int] = {}
    circular: set[N] = set()
    for component in components(graph):
        inside = set(component)
        if len(component) > 1 or component[0] in graph.get(component[0], ()):
            circular |= inside
        longest = max(
            (
                deep[other] + 1
                for node in component
                for other in graph.get(node, ())
                if other not in inside
            ),
            default=0,
        )
        deep.update(dict.fromkeys(component, longest))
    return deep, circular
