# Emitted by wxgen 0.1.0 from its own engine/__init__.py for websocket.yaml (sha256 479ff81be042816f). Do not edit; run: wxgen generate
"""The engine: makes the calls work over the websockets library.

========== =======================================================================
texts      what each errMsg says
checks     what each argument must be
life       the states of a link, and what each transition reports
roster     which links there are, which is the main one, and how many there may be
listeners  who hears what
inbox      messages that wait for ``async for``
home       the loop and thread where links live
connection the network, over websockets
link       one link: `SocketTask`
app        the namespace: `Wx`
========== =======================================================================
"""
