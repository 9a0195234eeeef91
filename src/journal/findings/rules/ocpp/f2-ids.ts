import { isSameMessage } from '../../model/message-ids.ts';
import { ALL, family, type Rule } from '../../rule.ts';

/** Message ids over several frames and sockets. */
export const f2Ids: readonly Rule[] = family({ versions: ALL, axis: 'conformance' }, [
  {
    id: 'OCPPJ-RPC-005',
    severity: 'error',
    fault: 'sender',
    title: 'A message id is used for one message only, over all sockets of a station',
    clause: 'OCPP-J §4.1.4, 1.6 errata J 3.1',
    causes: ['A counter that restarts at each boot is used as id'],
    next: ['Use UUIDs, or keep the counter over a boot'],
    peer: 'tolerates',
    on: ['reused'],
    check(c) {
      const used = c.station.messageIds(c.o.fromStation).get(c.o.messageId);
      if (used === undefined || isSameMessage(used, c.o)) return;
      c.report({
        text: `The message id ${c.o.messageId} of this ${c.o.action} was used before, for ${used.action === c.o.action ? 'another' : 'a'} ${used.action}`,
        object: String(c.o.fromStation),
        evidence: [{ seq: used.seq, label: 'the same id before' }],
      });
    },
  },
  {
    id: 'OCPPJ-RPC-006',
    severity: 'info',
    fault: 'sender',
    title: 'A call that was sent again bears its first id',
    clause: '2.0.1 errata Part 4 4.6',
    causes: ['A retry after a time-out or a lost socket: allowed'],
    next: ['The receiver should give the same answer to both'],
    peer: 'tolerates',
    on: ['reused'],
    check(c) {
      const used = c.station.messageIds(c.o.fromStation).get(c.o.messageId);
      if (used === undefined || !isSameMessage(used, c.o)) return;
      if (used.fate === 'usual') return;
      c.report({
        text: `This ${c.o.action} is sent again with its first id ${c.o.messageId}: its answer ${used.fate === 'lost' ? 'was lost with the socket' : 'did not come in time'}`,
        object: c.o.messageId,
        evidence: [{ seq: used.seq, label: 'sent first' }],
      });
    },
  },
  {
    id: 'OCPPJ-RPC-012',
    severity: 'warning',
    fault: 'sender',
    title: 'An answer goes out on the socket on which its call came',
    clause: 'ours',
    causes: ['The receiver finished after the connection was renewed'],
    next: ['Answers to calls of a closed socket should be dropped'],
    peer: 'ignores',
    on: ['unexpected'],
    check(c) {
      const lost = c.station.connections.lostCall(!c.o.fromStation, c.o.messageId);
      if (lost === undefined || lost.link === c.link) return;
      c.report({
        text: `This answers the ${lost.action} ${c.o.messageId} that came on a connection that is closed`,
        object: c.o.messageId,
        evidence: [{ seq: lost.seq, label: 'the call' }],
      });
    },
  },
]);
