"""Servers that this project did not write: npm's `ws`, `aiohttp`, and `nginx` before it.

They know the commands of `EchoServer`, so that one suite can ask the same of all of them.
"""

import json
import os
import shutil
import socket
import ssl
import subprocess
import time
from pathlib import Path
from types import TracebackType

from aiohttp import WSMsgType, web

from . import tls
from .echo import BANNER
from .gate import PATIENCE, LoopThread

NODE_MODULES = "WXSOCKET_NODE_MODULES"
"""The environment variable that says where npm has installed `ws`."""


class Unavailable(Exception):
    """This stranger is not installed here; the text says what is missing."""


class NodeServer:
    """npm's `ws`, in a process of its own; a context manager."""

    name = "ws"

    def __enter__(self) -> "NodeServer":
        node = shutil.which("node")
        if node is None:
            raise Unavailable("node is not installed")
        modules = Path(
            os.environ.get(NODE_MODULES)
            or Path(__file__).resolve().parents[2] / ".node" / "node_modules"
        )
        if not (modules / "ws").is_dir():
            raise Unavailable(f"npm's ws is not installed in {modules}; set {NODE_MODULES}")
        self._process = subprocess.Popen(
            [node, str(Path(__file__).with_name("ws_echo.js"))],
            env={**os.environ, "NODE_PATH": str(modules)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.strip().isdigit():
            self.__exit__(None, None, None)
            raise AssertionError(f"ws_echo.js did not start, it said {line!r}")
        self.url = f"ws://127.0.0.1:{int(line)}/"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _end(self._process)


class AiohttpServer:
    """`aiohttp`, in a thread of its own; a context manager."""

    name = "aiohttp"

    def __enter__(self) -> "AiohttpServer":
        self.closes: list[tuple[int, str]] = []
        self._thread = LoopThread("aiohttp server")
        self._runner = self._thread.call(self._start())
        self.port: int = self._runner.addresses[0][1]
        self.url = f"ws://127.0.0.1:{self.port}/"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.call(self._runner.cleanup())
        self._thread.stop()

    async def _start(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_get("/", self._serve)
        app.router.add_get("/refuse", self._refuse)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner

    async def _refuse(self, request: web.Request) -> web.StreamResponse:
        return web.Response(status=403)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(
            protocols=("chat", "superchat"), max_msg_size=0, compress=True, autoclose=True
        )
        socket.headers[BANNER] = self.name
        await socket.prepare(request)
        while True:
            message = await socket.receive()
            if message.type == WSMsgType.TEXT:
                await self._react(request, socket, message.data)
            elif message.type == WSMsgType.BINARY:
                await socket.send_bytes(message.data)
            else:
                if message.type == WSMsgType.CLOSE:
                    self.closes.append((message.data, message.extra or ""))
                return socket

    async def _react(
        self, request: web.Request, socket: web.WebSocketResponse, message: str
    ) -> None:
        if not message.startswith("!"):
            await socket.send_str(message)
            return
        command, _, rest = message[1:].partition(" ")
        if command == "close":
            code, _, reason = rest.partition(" ")
            await socket.close(code=int(code), message=reason.encode())
        elif command == "headers":
            await socket.send_str(json.dumps({k.lower(): v for k, v in request.headers.items()}))
        elif command == "closes":
            await socket.send_str(json.dumps(self.closes))
        elif command == "burst":
            for number in range(int(rest)):
                await socket.send_str(str(number))
        elif command == "drop":
            assert request.transport is not None
            request.transport.abort()


NGINX_CONF = """\
daemon off;
master_process off;
pid {dir}/nginx.pid;
error_log {dir}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {dir}/body;
    proxy_temp_path {dir}/proxy;
    fastcgi_temp_path {dir}/fastcgi;
    uwsgi_temp_path {dir}/uwsgi;
    scgi_temp_path {dir}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {dir}/chain.pem;
        ssl_certificate_key {dir}/key.pem;
        location / {{
            proxy_pass http://127.0.0.1:{upstream};
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection "upgrade";
            proxy_set_header Host $http_host;
        }}
    }}
}}
"""


class NginxServer:
    """`nginx`, which takes the TLS off before an `AiohttpServer`; a context manager."""

    name = "aiohttp"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> "NginxServer":
        nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
        if nginx is None:
            raise Unavailable("nginx is not installed")
        leaf = tls.certificate()
        leaf.private_key_pem.write_to_path(str(self.folder / "key.pem"))
        for number, pem in enumerate(leaf.cert_chain_pems):
            pem.write_to_path(str(self.folder / "chain.pem"), append=number > 0)
        self._upstream = AiohttpServer().__enter__()
        try:
            self._start(nginx)
        except BaseException:
            self._upstream.__exit__(None, None, None)
            raise
        return self

    def _start(self, nginx: str) -> None:
        conf = self.folder / "nginx.conf"
        for _ in range(5):  # somebody else may take the free port first
            port = _free_port()
            conf.write_text(
                NGINX_CONF.format(dir=self.folder, port=port, upstream=self._upstream.port)
            )
            self._process = subprocess.Popen(
                [nginx, "-p", str(self.folder), "-c", str(conf), "-e", f"{self.folder}/error.log"],
                stdin=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            if self._answers(port):
                self.url = f"wss://127.0.0.1:{port}/"
                return
            _end(self._process)
        raise AssertionError(f"nginx did not start: {(self.folder / 'error.log').read_text()}")

    def _answers(self, port: int) -> bool:
        """Wait until this nginx, and nobody else on its port, speaks TLS with our certificate."""
        context = tls.client_context()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with (
                    socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as raw,
                    context.wrap_socket(raw, server_hostname="127.0.0.1"),
                ):
                    return True
            except (OSError, ssl.SSLError):
                time.sleep(0.02)
        return False

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _end(self._process)
        self._upstream.__exit__(None, None, None)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _end(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    """End this one process, which we have started."""
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
