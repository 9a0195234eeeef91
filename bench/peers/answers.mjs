// What the baselines answer: canned payloads that fit their schemas.
export const answers = (subprotocol) => ({
  Heartbeat: { currentTime: '2026-01-01T12:00:00.000Z' },
  BootNotification: { status: 'Accepted', currentTime: '2026-01-01T12:00:00.000Z', interval: 300 },
  MeterValues: {},
  TransactionEvent: {},
  Authorize:
    subprotocol === 'ocpp1.6' ? { idTagInfo: { status: 'Accepted' } } : { idTokenInfo: { status: 'Accepted' } },
});
