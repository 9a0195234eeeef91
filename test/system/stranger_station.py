"""A station by the Python package `ocpp` (the Mobility House): it validates what it sends and what it gets against its own schemas.

Usage: stranger_station.py URL VERSION. Prints one JSON line with what it got; any invalid message ends it with an error.
"""

import asyncio
import json
import sys
from datetime import datetime, timezone

import websockets
from ocpp.routing import on


def now():
    return datetime.now(timezone.utc).isoformat()


async def session16(url):
    from ocpp.v16 import ChargePoint, call, call_result

    class Station(ChargePoint):
        @on("GetLocalListVersion")
        def list_version(self, **_):
            return call_result.GetLocalListVersion(list_version=3)

        @on("ChangeAvailability")
        def availability(self, **_):
            return call_result.ChangeAvailability(status="Accepted")

        @on("RemoteStartTransaction")
        def remote_start(self, **_):
            return call_result.RemoteStartTransaction(status="Accepted")

    async def play(station):
        boot = await station.call(call.BootNotification(charge_point_model="One", charge_point_vendor="Stranger"))
        await station.call(call.StatusNotification(connector_id=1, error_code="NoError", status="Preparing"))
        card = await station.call(call.Authorize(id_tag="04A1B2C3D4E5F6"))
        started = await station.call(
            call.StartTransaction(connector_id=1, id_tag="04A1B2C3D4E5F6", meter_start=100, timestamp=now())
        )
        tx = started.transaction_id
        sample = {"value": "600", "measurand": "Energy.Active.Import.Register", "unit": "Wh"}
        meter = [{"timestamp": now(), "sampled_value": [sample]}]
        await station.call(call.MeterValues(connector_id=1, transaction_id=tx, meter_value=meter))
        await station.call(call.StopTransaction(meter_stop=1100, timestamp=now(), transaction_id=tx))
        beat = await station.call(call.Heartbeat())
        return {"boot": boot.status, "card": card.id_tag_info["status"], "tx": tx, "time": beat.current_time}

    return await run(url, "ocpp1.6", Station, play)


async def session2x(url, version):
    if version == "2.0.1":
        from ocpp.v201 import ChargePoint, call, call_result
    else:
        from ocpp.v21 import ChargePoint, call, call_result

    class Station(ChargePoint):
        @on("GetLocalListVersion")
        def list_version(self, **_):
            return call_result.GetLocalListVersion(version_number=3)

        @on("GetBaseReport")
        def report(self, **_):
            return call_result.GetBaseReport(status="NotSupported")

        @on("GetReport")
        def some(self, **_):
            return call_result.GetReport(status="NotSupported")

        @on("ChangeAvailability")
        def availability(self, **_):
            return call_result.ChangeAvailability(status="Accepted")

        @on("RequestStartTransaction")
        def remote_start(self, **_):
            return call_result.RequestStartTransaction(status="Accepted")

    async def play(station):
        who = {"model": "Two", "vendor_name": "Stranger"}
        boot = await station.call(call.BootNotification(charging_station=who, reason="PowerUp"))
        token = {"id_token": "04A1B2C3D4E5F6", "type": "ISO14443"}
        card = await station.call(call.Authorize(id_token=token))
        tx = "5d8c1c1e-0000-4000-8000-00000000abcd"

        def event(kind, reason, seq, **more):
            info = {"transaction_id": tx, "charging_state": "Charging"}
            return call.TransactionEvent(
                event_type=kind, timestamp=now(), trigger_reason=reason, seq_no=seq, transaction_info=info, **more
            )

        def meter(value, context):
            sample = {"value": value, "context": context, "measurand": "Energy.Active.Import.Register"}
            return [{"timestamp": now(), "sampled_value": [sample]}]

        place = {"id": 1, "connector_id": 1}
        begin = meter(100.0, "Transaction.Begin")
        await station.call(event("Started", "Authorized", 0, id_token=token, evse=place, meter_value=begin))
        await station.call(event("Ended", "StopAuthorized", 1, meter_value=meter(1100.0, "Transaction.End")))
        beat = await station.call(call.Heartbeat())
        status = card.id_token_info["status"]
        return {"boot": boot.status, "card": status, "tx": tx, "time": beat.current_time}

    return await run(url, "ocpp" + version, Station, play)


async def run(url, subprotocol, station_class, play):
    async with websockets.connect(url, subprotocols=[subprotocol]) as socket:
        station = station_class(url.rsplit("/", 1)[-1], socket)
        listening = asyncio.create_task(station.start())
        told = await play(station)
        print(json.dumps(told), flush=True)
        # Commands come now, until the other side has enough.
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        listening.cancel()


address, spoken = sys.argv[1:3]
asyncio.run(session16(address) if spoken == "1.6" else session2x(address, spoken))
