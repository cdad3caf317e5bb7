"""Servers for the network tests, honest and otherwise, each on the loopback and on a free port."""

from .echo import Client, EchoServer
from .gate import PATIENCE, Gate, LoopThread
from .scripted import ClosedPort, Peer, Script, ScriptedServer

__all__ = [
    "PATIENCE",
    "Client",
    "ClosedPort",
    "EchoServer",
    "Gate",
    "LoopThread",
    "Peer",
    "Script",
    "ScriptedServer",
]
