"""A CSMS by the Python package `ocpp` (the Mobility House): it validates what it gets and what it sends against its own schemas.

Usage: stranger_csms.py VERSION. Prints its port, then each action that it hears, and what each command is answered, one JSON line
each; an invalid message is told on standard error. A line `ACTION {"member": …}` on standard input is a command.
"""

import asyncio
import json
import sys
from datetime import datetime, timezone

import websockets
from ocpp.routing import on

VERSION = sys.argv[1]
if VERSION == "1.6":
    from ocpp.v16 import ChargePoint, call, call_result
elif VERSION == "2.0.1":
    from ocpp.v201 import ChargePoint, call, call_result
else:
    from ocpp.v21 import ChargePoint, call, call_result

ACCEPTED = {"status": "Accepted"}


def now():
    return datetime.now(timezone.utc).isoformat()


def tell(**what):
    print(json.dumps(what), flush=True)


def heard(action, answer):
    """A handler of an action: says that it came, and answers."""

    def handle(self, **payload):
        tell(heard=action, event=payload.get("event_type"))
        return getattr(call_result, action)(**answer(payload))

    # The package finds handlers by the names of the functions.
    handle.__name__ = action
    return on(action)(handle)


ANSWERS = {
    "BootNotification": lambda _: {"current_time": now(), "interval": 300, "status": "Accepted"},
    "StatusNotification": lambda _: {},
    "Heartbeat": lambda _: {"current_time": now()},
    "MeterValues": lambda _: {},
    "NotifyEvent": lambda _: {},
    "SecurityEventNotification": lambda _: {},
    "NotifyReport": lambda _: {},
}
if VERSION == "1.6":
    ANSWERS["Authorize"] = lambda _: {"id_tag_info": ACCEPTED}
    ANSWERS["StartTransaction"] = lambda _: {"transaction_id": 42, "id_tag_info": ACCEPTED}
    ANSWERS["StopTransaction"] = lambda _: {}
else:
    ANSWERS["Authorize"] = lambda _: {"id_token_info": ACCEPTED}
    ANSWERS["TransactionEvent"] = lambda payload: {"id_token_info": ACCEPTED} if "id_token" in payload else {}

Csms = type("Csms", (ChargePoint,), {action: heard(action, answer) for action, answer in ANSWERS.items()})


async def commands(csms):
    loop = asyncio.get_running_loop()
    while True:
        line = await loop.run_in_executor(None, sys.stdin.readline)
        if not line:
            return
        action, payload = line.strip().split(" ", 1)
        answer = await csms.call(getattr(call, action)(**json.loads(payload)), suppress=False)
        tell(answer=action, status=getattr(answer, "status", None))


async def connected(socket, *_):
    csms = Csms("station", socket)
    obeying = asyncio.create_task(commands(csms))
    try:
        await csms.start()
    except websockets.exceptions.ConnectionClosed:
        pass
    finally:
        obeying.cancel()


async def serve():
    async with websockets.serve(connected, "127.0.0.1", 0, subprotocols=["ocpp" + VERSION]) as server:
        tell(port=server.sockets[0].getsockname()[1])
        await asyncio.Future()


asyncio.run(serve())
