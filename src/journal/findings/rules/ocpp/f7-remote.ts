import { MINUTE_MS, SECOND_MS } from '../../../../core/time.ts';
import { numberAt, textAt, valueAt } from '../../payload-reader.ts';
import { family, type Rule, V16 } from '../../rule.ts';

/** Remote start and stop of 1.6 (§5.11, §5.12). */
export const f7Remote: readonly Rule[] = family({ versions: V16, axis: 'conformance' }, [
  {
    id: 'OCPP16-RC-001',
    severity: 'error',
    fault: 'csms',
    title: 'The profile of a remote start is a TxProfile without a transaction',
    clause: '1.6 §5.16.2',
    causes: ['The profile of another command was taken'],
    next: ['Look at chargingProfilePurpose'],
    peer: 'rejects',
    on: ['RemoteStartTransaction.request'],
    check(c) {
      const profile = valueAt(c.o.payload, 'chargingProfile');
      if (profile === undefined) return;
      const purpose = textAt(profile, 'chargingProfilePurpose');
      const id = numberAt(profile, 'transactionId');
      if (purpose === 'TxProfile' && id === undefined) return;
      const text =
        purpose === 'TxProfile'
          ? `The profile of the remote start names transaction ${id}`
          : `The profile of the remote start is a ${purpose}`;
      c.report({ text, pointer: '/chargingProfile' });
    },
  },
  {
    id: 'OCPP16-RC-002',
    severity: 'error',
    fault: 'csms',
    title: 'A remote start names a connector above 0, or none',
    clause: '1.6 §6.33',
    causes: ['0 stands for any connector'],
    next: ['Leave connectorId out'],
    peer: 'rejects',
    on: ['RemoteStartTransaction.request'],
    check(c) {
      const connector = numberAt(c.o.payload, 'connectorId');
      if (connector === undefined || connector > 0) return;
      c.report({ text: `The remote start names connector ${connector}`, pointer: '/connectorId', actual: connector });
    },
  },
  {
    id: 'OCPP16-RC-003',
    severity: 'warning',
    fault: 'station',
    axis: 'timing',
    title: 'An accepted remote start shows an effect',
    clause: '1.6 §5.11',
    causes: ['The station answers Accepted before it looks', 'Nobody plugged in'],
    next: ['Look at the status of the connector at that time'],
    peer: 'unknown',
    on: ['RemoteStartTransaction.response'],
    check(c) {
      if (textAt(c.o.payload, 'status') !== 'Accepted') return;
      const wait = c.station.configuration.number('ConnectionTimeOut');
      if (wait === undefined) return c.notEvaluable();
      const connector = numberAt(c.o.request?.payload, 'connectorId');
      const tag = textAt(c.o.request?.payload, 'idTag') ?? '';
      c.expect({
        withinMs: (wait + 30) * SECOND_MS,
        object: c.o.seq,
        by: (o) =>
          o.kind === 'request' &&
          (o.action === 'StartTransaction' || o.action === 'StatusNotification') &&
          (connector === undefined || numberAt(o.payload, 'connectorId') === connector),
        otherwise: () => ({
          text: `The remote start for ${tag} was accepted, and nothing happened within ${wait + 30} s`,
          object: tag,
        }),
      });
    },
  },
  {
    id: 'OCPP16-RC-004',
    severity: 'warning',
    fault: 'station',
    title: 'A remote start is authorized as configured',
    clause: '1.6 §5.11',
    causes: ['AuthorizeRemoteTxRequests is not followed'],
    next: ['Read AuthorizeRemoteTxRequests'],
    peer: 'tolerates',
    on: ['Authorize.request', 'StartTransaction.request'],
    check(c) {
      const { o, station } = c;
      const tag = textAt(o.payload, 'idTag') ?? '';
      const asked = station.commands.remoteStart(tag, o.time);
      const wanted = station.configuration.boolean('AuthorizeRemoteTxRequests');
      if (asked === undefined || o.time - asked.at > MINUTE_MS || wanted === undefined) return;
      const evidence = [{ seq: asked.seq, label: 'the accepted remote start' }];
      if (o.action === 'Authorize') {
        if (wanted) return;
        return c.report({
          text: `${tag} was authorized after its remote start, and AuthorizeRemoteTxRequests is false`,
          object: asked.seq,
          evidence,
        });
      }
      const known = station.tokens.authorize(tag);
      if (!wanted || (known !== undefined && known.requestedAt > asked.at) || station.tokens.listed(tag)) return;
      if (station.transactions16.retried(o) !== undefined) return;
      // The cache decides without a message.
      const cache = station.configuration.boolean('AuthorizationCacheEnabled');
      if (cache !== false && !station.configuration.absent('AuthorizationCacheEnabled')) return c.notEvaluable();
      const text = `The remote start for ${tag} started without Authorize, and AuthorizeRemoteTxRequests is true`;
      c.report({ text, object: asked.seq, evidence });
    },
  },
  {
    id: 'OCPP16-RC-005',
    severity: 'error',
    fault: 'station',
    title: 'A remote start starts with its own idTag',
    clause: '1.6 §5.11',
    causes: ['The station has a fixed default tag'],
    next: ['Look at whether a card was shown in between'],
    peer: 'tolerates',
    on: ['StartTransaction.request'],
    check(c) {
      const { o, station } = c;
      const connector = numberAt(o.payload, 'connectorId');
      const tag = textAt(o.payload, 'idTag') ?? '';
      const asked = station.commands.latest(
        'RemoteStartTransaction',
        o.time - 2 * MINUTE_MS,
        (request) => numberAt(request, 'connectorId') === connector,
      );
      const wanted = textAt(asked?.request, 'idTag');
      if (asked === undefined || wanted === undefined || wanted.toLowerCase() === tag.toLowerCase()) return;
      const presented = station.tokens.authorize(tag);
      // A card that was shown, a list, a cache, an older start from the queue.
      if (presented !== undefined || station.tokens.listed(tag) || station.transactions16.retried(o) !== undefined)
        return;
      const started = o.timestamp;
      if (!c.clocksAgree || started === undefined || started < asked.at - c.toleranceMs) return c.notEvaluable();
      if (station.configuration.boolean('LocalPreAuthorize') !== false) return c.notEvaluable();
      const text = `The transaction on connector ${connector} started with ${tag}, and the remote start was for ${wanted}`;
      c.report({
        text,
        object: asked.seq,
        pointer: '/idTag',
        evidence: [{ seq: asked.seq, label: 'the remote start' }],
        expected: wanted,
        actual: tag,
      });
    },
  },
  {
    id: 'OCPP16-RC-006',
    severity: 'warning',
    fault: 'station',
    title: 'A remote stop is accepted if the transaction runs',
    clause: '1.6 §5.12',
    causes: ['The id is not compared with the running transaction'],
    next: ['Compare with the id in StartTransaction.conf'],
    peer: 'tolerates',
    on: ['RemoteStopTransaction.response'],
    check(c) {
      const id = numberAt(c.o.request?.payload, 'transactionId');
      const status = textAt(c.o.payload, 'status');
      const { transactions16, truncated } = c.station;
      if (id === undefined) return;
      const running = transactions16.open.find((each) => each.id === id);
      if (running !== undefined) {
        if (status !== 'Rejected') return;
        return c.report({
          text: `The remote stop of the running transaction ${id} was rejected`,
          object: id,
          evidence: [{ seq: running.first.seq, label: 'the start' }],
        });
      }
      if (status !== 'Accepted') return;
      const ended = transactions16.byId(id);
      // Command and stop may have crossed; an unknown transaction may be older than this log.
      if (truncated || ended === undefined || (ended.stop !== undefined && c.o.time - ended.stop.time < 5 * SECOND_MS))
        return c.notEvaluable();
      c.report({ text: `The remote stop of transaction ${id} was accepted, which has ended`, object: id });
    },
  },
]);
