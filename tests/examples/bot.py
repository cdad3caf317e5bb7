"""A bot: answers commands in the messages that arrive, some of them only after a while.

The JavaScript idea: ``ws.on("message", async (data) => ...)`` in Node.js, with a table from the name
of a command to an ``async`` function.

Usage: python bot.py URL
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable

from wxsocket import SocketTask, wx

Command = Callable[[list[str]], Awaitable[str]]


async def add(arguments: list[str]) -> str:
    return str(sum(int(argument) for argument in arguments))


async def remind(arguments: list[str]) -> str:
    seconds, *words = arguments
    await asyncio.sleep(float(seconds))
    return " ".join(["reminder:", *words])


COMMANDS: dict[str, Command] = {"/add": add, "/remind": remind}


async def answer(task: SocketTask, command: Command, arguments: list[str]) -> None:
    try:
        text = await command(arguments)
    except ValueError as error:
        text = f"sorry: {error}"
    await task.send(data=text)


async def main(url: str) -> None:
    async with wx.connectSocket(url=url) as task, asyncio.TaskGroup() as answers:
        await task.send(data="ready")
        async for message in task:
            name, *arguments = str(message).split() or [""]
            if name == "/quit":
                break
            if name in COMMANDS:
                # A task each: a slow command does not hold up the next one.
                answers.create_task(answer(task, COMMANDS[name], arguments))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
