"""A package of several chapters: every construct of the language, checked, imported and faked."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

import pytest
from generator.kit import ROOT, passes, put, python

from wxgen.pipeline import emit

SPEC: Final = Path(__file__).with_name("chapters") / "mini.yaml"
RUNTIME: Final = str(ROOT / "generator")

BEHAVES: Final = """
import asyncio, dataclasses, gc, sys
import wxmini
from wxmini import Wx, WxError, wx

LOADED = {name.split(".")[1] for name in sys.modules if name.startswith("wxmini.")}
assert not LOADED & {"storage", "request", "cloud", "files"}, LOADED
assert "getStorage" in dir(wx) and "GetStorageOption" in dir(wxmini)

# The first touch of a chapter loads that chapter alone.
wx.clearStorage
assert "wxmini.storage.api" in sys.modules and "wxmini.cloud.api" not in sys.modules
assert "wxmini.request.api" not in sys.modules
assert wxmini.DB__Collection.__module__ == "wxmini.cloud.api"


def raises(kind, call, *arguments, **fields):
    try:
        call(*arguments, **fields)
    except kind as error:
        return str(error)
    raise AssertionError(f"{call} did not raise")


# Calls that return an object return one, and tell fail.
heard = []
task = wx.request(url="https://example.com", fail=heard.append, complete=heard.append)
assert type(task) is wxmini.RequestTask
assert heard[0] is heard[1] and heard[0].errMsg == "request:fail not supported"
upload = wx.uploadFile(url="x", filePath="y", fail=heard.append)
assert isinstance(upload, wxmini.RequestTask) and isinstance(upload, wxmini.UploadTask)
assert raises(WxError, upload.onProgressUpdate, print) == "UploadTask.onProgressUpdate:fail not supported"
assert raises(WxError, upload.offHeadersReceived) == "RequestTask.offHeadersReceived:fail not supported"

# Values are empty, where there is another way to answer.
manager = wx.getFileSystemManager()
assert isinstance(manager, wxmini.FileSystemManager)
assert raises(WxError, wx.getStorageSync, "key") == "getStorageSync:fail not supported"
assert raises(WxError, wx.getSystemInfoSync) == "getSystemInfoSync:fail not supported"

# Promises, and calls that only have an awaitable.
async def awaited():
    for call in (
        wx.getStorage(key="a"),
        wx.createBufferURL(b"x"),
        wx.getCloudID(),
        wx.clearStorage(),
        wx.openBluetoothAdapter(),
        wx.getBluetoothDevices(),
        manager.stat(path="a"),
        manager.open("file", flag="w"),
        manager.open("file", wxmini.FileSystemManagerOpenOption(flag="a")),
        wx.cloud.database().collection("c").get(),
    ):
        try:
            await call
        except WxError as error:
            assert error.errMsg.endswith(":fail not supported"), error
        else:
            raise AssertionError(call)
    assert wx.cloud.database().collection("c").get(success=print, fail=lambda res: heard.append(res)) is None \
        or heard
asyncio.run(awaited())

# Options: shared, extended, beside parameters.
assert issubclass(wxmini.ResultOption, wxmini.PathOption)
assert issubclass(wxmini.PathOption, wxmini.Callbacks)
assert issubclass(wxmini.CreateBLEConnectionOption, wxmini.BluetoothOption)
fields = [field.name for field in dataclasses.fields(wxmini.FileSystemManagerReadFileOption)]
assert sorted(fields) == sorted(["success", "fail", "complete", "path", "encoding", "position"])
option = wxmini.FileSystemManagerReadFileOption(path="a")
assert dataclasses.replace(option, position=3).position == 3 and option.position == 0
raises(TypeError, wxmini.FileSystemManagerReadFileOption)
raises(TypeError, manager.access, wxmini.RequestOption(url="x"))
raises(TypeError, manager.access)

# Properties, constructors, further keys, callable instances.
assert isinstance(wx.cloud, wxmini.Cloud)
raises(WxError, lambda: wx.env)
raises(WxError, lambda: wx.mark)
raises(WxError, setattr, wx, "mark", 1)
assert isinstance(wxmini.Path2D(), wxmini.Path2D) and isinstance(wxmini.ImageData(1, 2), wxmini.ImageData)
assert isinstance(wxmini.CanvasContext().getImageData(), wxmini.ImageData)
command = wx.cloud.database().command
assert isinstance(command, wxmini.DB__Command) and isinstance(command.gt(3), wxmini.DB__Command)
query = wxmini.DB__Query(_id=1, others={"age": command})
assert query.others == {"age": command}
match query:
    case wxmini.DB__Query(others=others):
        assert others
raises(WxError, command, 1)
raises(WxError, lambda: command["x"])


# Fakes by subclass.
class Fake(Wx):
    store = {}

    def _setStorageSync(self, key, data):
        self.store[key] = data

    def _getStorageSync(self, key):
        return self.store[key]

    def _getStorage(self, option):
        found = wxmini.StorageResult(data=self.store[option.key], errMsg="getStorage:ok")
        call = wxmini.Call()
        call.succeed(found)
        if option.success:
            option.success(found)
        return call

    def _onMemoryWarning(self, listener):
        listener(5, None)

    def _clearStorage(self, option):
        return super()._clearStorage(option)


fake = Fake()
fake.setStorageSync("a", [1, 2])
assert fake.getStorageSync("a") == [1, 2]
assert fake.getStorage(key="a", success=heard.append).result().data == [1, 2]
assert fake.onMemoryWarning(lambda level, message: heard.append(level)) and heard[-1] == 5
raises(WxError, fake.clearStorage().result)


class Files(wxmini.FileSystemManager):
    def _readFileSync(self, *arguments, **fields):
        return arguments

    def _append(self, *arguments, **fields):
        return arguments

    def _open(self, filePath, option):
        return filePath, option.flag

    def _watch(self, *arguments, **fields):
        return arguments


files = Files()
assert files.readFileSync("a") == ("a",) and files.readFileSync("a", "utf-8") == ("a", "utf-8")
assert files.open("a") == ("a", "r") and files.open("a", flag="w") == ("a", "w")
assert files.append("data", path="p") == (wxmini.PathOption(path="p"), "data") or \
    type(files.append("data", path="p")[0]).__name__ == "FileSystemManagerAppendOption"
given = files.append(wxmini.FileSystemManagerAppendOption(path="p"), "data")
assert given[0].path == "p" and given[1] == "data"
assert files.watch(["a"]) == (["a"],) and files.watch(path="a")[0].path == "a"


class Server(wxmini.BLEPeripheralServer):
    def _on(self, *arguments, **fields):
        heard.append(arguments)


Server().on("connected", print)
assert heard[-1] == ("connected", print)
assert not [name for name in wxmini.__all__ if not hasattr(wxmini, name)]
print("done")
"""

USES: Final = """\
from typing import Any

from wxmini import (
    BLEPeripheralServer, CanvasContext, DB__Data, DB__GetResult, DB__Query, FileSystemManager,
    GetStorageOption, InnerAudioContext, PathOption, RequestResult, SocketTask, StorageResult, Wx, wx,
)


def on_data(res: RequestResult[dict[str, int]]) -> None:
    print(res.data["x"].bit_length())


async def use(files: FileSystemManager, player: InnerAudioContext, drawn: CanvasContext) -> None:
    wx.request(url="x", success=on_data, method="POST")
    wx.request(url="x", success=lambda res: print(res.statusCode + 1))
    wx.request(url="x", method="PATCH")  # wrong
    wx.request(success=on_data)  # wrong
    number: int = wx.getStorageSync("key")
    print(number, (await wx.getStorage(key="a")).data)
    wx.setStorageSync("a", number)
    wx.batchSetStorageSync([("a", 1), ("b", "x")])
    wx.batchSetStorageSync((("a", 1),))
    wx.batchSetStorageSync("ab")  # wrong
    wx.getStorage(GetStorageOption(key="a"))
    files.access(path="a", success=lambda res: print(res.errMsg))
    files.unlink(PathOption(path="a"))
    files.unlink(path=1)  # wrong
    print((await files.stat(path="a")).stats.size)
    print((await files.list(path="a")).files[0].upper())
    data: bytes = files.readFileSync("a")
    text: str = files.readFileSync("a", "utf-8")
    other: bytes = files.readFileSync("a", "utf-8")  # wrong
    print(data, text, other, (await files.open("a", flag="r")).fd)
    files.open("a", flag="x")  # wrong
    player.volume = 0.5
    player.src = "x"
    player.src = 1  # wrong
    player.paused = True  # wrong
    player.onPlay(lambda: None)
    player.offPlay()
    drawn.fillStyle = "red"
    drawn.moveTo((1, 2))
    drawn.moveTo((1, 2, 3))  # wrong
    drawn.polygon([(1, 2), (3, 4)])
    print(drawn.bounds().x)
    found = await wx.cloud.database().collection("c").where(DB__Query(_id="x")).get()
    print(found.data[0]._id, found.data[0].others)
    socket = wx.createUDPSocket("udp4")
    socket.send(address="a", port=1, message=b"x")
    socket.onMessage(lambda res: print(res.message, res.remoteInfo.family == "IPv4"))
    print(wx.env.USER_DATA_PATH, wx.env.version == "trial")
    wx.mark = "x"
    wx.mark = None  # wrong
    wx.onUnhandled(print)
    wx.offUnhandled()
    wx.onMemoryWarning(lambda level, message: print(level + 1))
    wx.onMemoryWarning(lambda level: print(level + 1))  # wrong
    async with wx.connectSocket(url="x") as task:
        task.send(data="x")


def listen(server: BLEPeripheralServer, task: SocketTask) -> None:
    server.on("connected", lambda res: print(res.deviceId))
    server.on("written", lambda characteristicId, value: print(value.hex()))
    server.on("nothing", print)  # wrong
    server.on("connected", lambda res: print(res.nothing))  # wrong
    server.off("written")
    server.onCharacteristicReadRequest(lambda res: res.characteristicId)
    server.onCharacteristicReadRequest(lambda res: 1)  # wrong
    task.onMessage(lambda res: print(res.data))


class Fake(Wx):
    def _getStorageSync(self, key: str) -> Any:
        return key

    def _getStorage(self, option: GetStorageOption[Any]) -> Any:
        return option.key
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chapters")
    put(emit(SPEC).files, folder)
    (folder / "uses.py").write_text(USES, encoding="utf-8")
    return folder


def test_it_behaves(out: Path) -> None:
    run = python("-X", "dev", "-c", BEHAVES, cwd=out, PYTHONPATH=RUNTIME)
    assert passes(run) == "done\n"
    assert "Traceback" not in run.stderr


def test_mypy(out: Path) -> None:
    mypy = ("-m", "mypy", "--strict", "--config-file=")
    passes(python(*mypy, "wxmini", cwd=out, MYPYPATH=RUNTIME))
    # The stubs hide the code beside them.
    behind = [path.with_suffix(".py").relative_to(out) for path in sorted(out.rglob("*.pyi"))]
    passes(python(*mypy, *behind, cwd=out, MYPYPATH=RUNTIME))


def test_stubtest(tmp_path: Path) -> None:
    """Without the engine, which would be read as well: `wxsocket` has one, and CI holds it to this."""
    for file in SPEC.parent.glob("*.yaml"):
        text = file.read_text(encoding="utf-8").replace("../../../spec/", "")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    websocket = (ROOT / "spec" / "websocket.yaml").read_text(encoding="utf-8")
    assert "\nengine: websocket\n" in websocket
    websocket = websocket.replace("\nengine: websocket\n", "\n")
    (tmp_path / "websocket.yaml").write_text(websocket, encoding="utf-8")
    put(emit(tmp_path / "mini.yaml").files, tmp_path)
    path = f"{tmp_path}:{RUNTIME}"
    passes(python("-m", "mypy.stubtest", "wxmini", cwd=tmp_path, PYTHONPATH=path, MYPYPATH=RUNTIME))


def test_ruff(out: Path) -> None:
    config = ("--config", ROOT / "pyproject.toml", "--no-cache")
    passes(python("-m", "ruff", "check", *config, "wxmini", cwd=out))
    passes(python("-m", "ruff", "format", "--check", *config, "wxmini", cwd=out))


def test_pyright(out: Path) -> None:
    settings = {"include": ["wxmini"], "extraPaths": [RUNTIME], "typeCheckingMode": "strict"}
    (out / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    passes(python("-m", "pyright", cwd=out))


def test_users_are_told_what_is_wrong_and_nothing_else(out: Path) -> None:
    mypy = ("-m", "mypy", "--strict", "--config-file=", "--hide-error-context", "uses.py")
    run = python(*mypy, cwd=out, MYPYPATH=f"{out}:{RUNTIME}")
    found = {int(number) for number in re.findall(r"^uses\.py:(\d+): error", run.stdout, re.M)}
    lines = enumerate(USES.split("\n"), 1)
    assert found == {number for number, line in lines if line.endswith("# wrong")}, run.stdout


def test_each_chapter_has_its_page_and_types_lead_to_others(out: Path) -> None:
    page = (out / "wxmini" / "cloud" / "API.md").read_text(encoding="utf-8")
    assert "[`DB.GetResult`" in page or "[`DB__GetResult`](#db__getresult)" in page
    page = (out / "wxmini" / "storage" / "API.md").read_text(encoding="utf-8")
    assert "[`GeneralCallbackResult`](../websocket/API.md#generalcallbackresult)" in page
    index = (out / "wxmini" / "API.md").read_text(encoding="utf-8")
    assert "- [Storage](storage/API.md): Values that stay." in index
