import { describeExchangeRules } from '../../testing/exchange-cases.ts';

const NOTE = 'CPO>HUB ChargingNotifications';
const BEGUN = `10:00:00 CPO>HUB AuthorizeStart $as = $yes\n${NOTE} $start = $ok`;
const ALL = `${BEGUN}\n10:06:00 ${NOTE} $progress = $ok\n10:12:00 ${NOTE} $progress{"ConsumedEnergyProgress":3} = $ok\n10:13:00 ${NOTE} $end = $ok`;

describeExchangeRules('notifications, one after another', {
  'oicp.notification.start-twice': {
    passes: ALL,
    fails: `${BEGUN}\n${NOTE} $start = $ok`,
  },
  'oicp.notification.order': {
    passes: [ALL, `${ALL}\n${NOTE} $error = $ok`],
    with: ['oicp.notification.no-start'],
    fails: [
      `10:00:00 CPO>HUB AuthorizeStart $as = $yes\n10:06:00 ${NOTE} $progress = $ok\n${NOTE} $start = $ok`,
      `${ALL}\n10:18:00 ${NOTE} $progress{"ConsumedEnergyProgress":4} = $ok`,
    ],
  },
  'oicp.notification.interval': {
    passes: ALL,
    fails: `${BEGUN}\n10:06:00 ${NOTE} $progress = $ok\n10:07:00 ${NOTE} $progress = $no022`,
    says: '60 s',
  },
  'oicp.notification.interval-taken': {
    passes: ALL,
    fails: `${BEGUN}\n10:06:00 ${NOTE} $progress = $ok\n10:07:00 ${NOTE} $progress = $ok`,
    with: ['oicp.notification.interval'],
  },
  'oicp.notification.energy-back': {
    passes: ALL,
    fails: [
      `${BEGUN}\n10:06:00 ${NOTE} $progress{"ConsumedEnergyProgress":2} = $ok\n10:12:00 ${NOTE} $progress = $ok`,
      `${BEGUN}\n10:06:00 ${NOTE} $progress{"ConsumedEnergyProgress":2} = $ok\n10:12:00 ${NOTE} $end{"ConsumedEnergy":1} = $ok`,
    ],
  },
  'oicp.notification.unwanted': {
    passes: `10:00:00 CPO>HUB AuthorizeStart $as = $yes\n${NOTE} $start = $no320`,
    fails: `10:00:00 CPO>HUB AuthorizeStart $as = $yes\n${NOTE} $start = $no320\n10:06:00 ${NOTE} $progress = $no320`,
  },
  'oicp.notification.charging-start': {
    passes: ALL,
    fails: `${BEGUN}\n10:06:00 ${NOTE} $progress{"ChargingStart":"2026-03-01T10:05:00+00:00"} = $ok`,
  },
  'oicp.notification.no-start': {
    passes: [
      ALL,
      `10:00:00 CPO>HUB AuthorizeStart $as = $yes\n${NOTE} $error = $ok`,
      // Nothing was charged; and a log that begins in the middle.
      `10:00:00 CPO>HUB AuthorizeStart $as = $yes\n${NOTE} $end = $ok`,
      `10:12:00 ${NOTE} $end{"ConsumedEnergy":3} = $ok`,
    ],
    fails: [
      `10:00:00 CPO>HUB AuthorizeStart $as = $yes\n10:06:00 ${NOTE} $progress = $ok`,
      `10:00:00 CPO>HUB AuthorizeStart $as = $yes\n10:13:00 ${NOTE} $end{"ConsumedEnergy":3} = $ok`,
    ],
    says: 'comes without a Start',
  },
  'oicp.notification.no-end': {
    passes: [
      `${BEGUN}\n10:30:00 ${NOTE} $end = $ok\nCPO>HUB ChargeDetailRecord $fixed = $ok`,
      `${BEGUN}\n${NOTE} $error = $ok\n10:30:00 CPO>HUB ChargeDetailRecord $fixed = $ok`,
      '10:00:00 CPO>HUB AuthorizeStart $as = $yes\n10:30:00 CPO>HUB ChargeDetailRecord $fixed = $ok',
    ],
    fails: `${BEGUN}\n10:30:00 CPO>HUB ChargeDetailRecord $fixed = $ok`,
  },
  'oicp.notification.after-stop': {
    passes: `${BEGUN}\n10:05:00 CPO>HUB AuthorizeStop $stop = $yes\n10:06:00 ${NOTE} $end = $ok`,
    fails: `${BEGUN}\n10:05:00 CPO>HUB AuthorizeStop $stop = $yes\n10:06:00 ${NOTE} $progress = $ok`,
  },
});
