"""Which link is the main link, and how many there may be."""

from __future__ import annotations

from dataclasses import dataclass

from wxruntime.websocket.registry import Registry


@dataclass(eq=False)
class FakeLink:
    is_main: bool = False
    is_closed: bool = False
    holds_place: bool = True


def mains(registry: Registry[FakeLink]) -> list[FakeLink]:
    return [registry.main] if registry.main is not None else []


def end(link: FakeLink) -> None:
    link.is_closed, link.holds_place = True, False


def test_first_link_is_main_and_stays_it() -> None:
    registry: Registry[FakeLink] = Registry(5, replace=False)
    first, second = FakeLink(), FakeLink()
    assert registry.admit(first) == []
    assert registry.admit(second) == []
    assert registry.main is first
    assert (first.is_main, second.is_main) == (True, False)


def test_closing_main_link_is_not_replaced_but_a_closed_one_is() -> None:
    registry: Registry[FakeLink] = Registry(5, replace=False)
    links = [FakeLink() for _ in range(4)]
    registry.admit(links[0])
    links[0].holds_place = False  # its close was accepted, it has not ended
    registry.admit(links[1])
    assert mains(registry) == [links[0]]
    end(links[0])
    assert mains(registry) == []
    registry.admit(links[2])
    assert registry.main is links[2]
    registry.admit(links[3])
    assert registry.main is links[2]


def test_limit_refuses_and_frees() -> None:
    registry: Registry[FakeLink] = Registry(2, replace=False)
    links = [FakeLink() for _ in range(4)]
    assert registry.admit(links[0]) == registry.admit(links[1]) == []
    assert registry.admit(links[2]) is None
    links[1].holds_place = False
    assert registry.admit(links[2]) == []
    assert registry.admit(links[3]) is None
    end(links[0])
    assert registry.admit(links[3]) == []
    assert list(registry) == [links[1], links[2], links[3]]


def test_old_base_library_replaces() -> None:
    registry: Registry[FakeLink] = Registry(1, replace=True)
    old, new = FakeLink(), FakeLink()
    assert registry.admit(old) == []
    assert registry.admit(new) == [old]
    assert registry.main is new
    assert old.is_main  # what is left of it is heard, too
    assert new.is_main
