"""The ``errMsg`` of calls, as the contract words them: a second transcription, on purpose."""

CONNECT_OK = "connectSocket:ok"
SEND_OK = "sendSocketMessage:ok"
CLOSE_OK = "closeSocket:ok"
SEND_NOT_CONNECTED = "sendSocketMessage:fail WebSocket is not connected"
CLOSE_NOT_CONNECTED = "closeSocket:fail WebSocket is not connected"
NOT_OPEN = "SocketTask.send:fail SocketTask.readyState is not OPEN"
NO_TASK = "closeSocket:fail taskID not exist"
BAD_CODE = "closeSocket:fail The code must be either 1000, 1003, or between 3000 and 4999"
LONG_REASON = "closeSocket:fail reason must not be longer than 123 bytes of UTF-8"
TOO_MANY = "connectSocket:fail exceed max task count"
UNKNOWN_DATA = "sendSocketMessage:fail unknown data"


def wrong(call: str, name: str, wanted: str, found: str) -> str:
    """What a call says of an argument of a wrong type."""
    return f"{call}:fail parameter error: parameter.{name} should be {wanted} instead of {found};"
