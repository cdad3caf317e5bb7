"""A coroutine: a link in a block, its messages in a loop."""

import asyncio

from wxsocket import OnSocketCloseListenerResult, wx


async def main() -> None:
    async with wx.connectSocket(url="ws://127.0.0.1:8765", protocols=["chat"]) as task:

        @task.onClose
        def on_close(res: OnSocketCloseListenerResult) -> None:
            print("closed with", res.code)

        await task.send(data="hello")
        async for message in task:
            print("received", message)
            break


asyncio.run(main())
