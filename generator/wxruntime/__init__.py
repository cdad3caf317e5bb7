"""What emitted packages stand on: calls, callbacks, loops, and the engines behind them.

Written by hand, for every API. It imports no emitted package: what it reads from an option object
it says by a protocol, and what it makes it makes with a constructor that it is handed.
"""
