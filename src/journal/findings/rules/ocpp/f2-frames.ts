import { RPC_FINDINGS } from '../../../../protocols/ocpp/rpc-report.ts';
import { ALL, family, type Rule, type RuleFields, V2X, V16, V21 } from '../../rule.ts';

/**
 * Frame rules. The RPC engine reports them on our own links, the frame watcher on those of others: both from the same
 * parser, schemas and sentences. Severity and clause stand with the engine.
 */
const declared: readonly (Omit<RuleFields, 'severity' | 'clause' | 'fault' | 'on'> & {
  readonly id: keyof typeof RPC_FINDINGS;
})[] = [
  {
    id: 'OCPPJ-RPC-001',
    title: 'A frame is JSON',
    causes: ['The firmware builds JSON by joining strings', 'A text was cut on its way'],
    next: ['Look at the raw text where the reader stopped'],
    peer: 'rejects',
    quirk: 'brokenJsonMeter',
  },
  {
    id: 'OCPPJ-RPC-002',
    title: 'A frame is an array that begins with a message type',
    causes: ['Another protocol speaks on this socket', 'A message type of another OCPP version'],
    next: ['Compare with the negotiated subprotocol'],
    peer: 'rejects',
  },
  {
    id: 'OCPPJ-RPC-003',
    title: 'A frame has as many elements as its type asks for',
    causes: ['A CALLERROR without description or details', 'A payload that was left out'],
    next: ['Compare the frame with OCPP-J §4.2'],
    peer: 'tolerates',
  },
  {
    id: 'OCPPJ-RPC-004',
    title: 'A message id is a text of 1 to 36 characters',
    causes: ['A numeric counter is used as id', 'A prefix made the id too long'],
    next: ['Look at how the sender makes ids'],
    peer: 'rejects',
    quirk: 'intIds',
  },
  {
    id: 'OCPPJ-RPC-007',
    title: 'An answer bears the id of a call of the other side',
    causes: ['The answer has another id than its call', 'Answers of two sockets were mixed up'],
    next: ['Look for the call that stayed without an answer'],
    peer: 'ignores',
    quirk: 'idPrefixMismatch',
  },
  {
    id: 'OCPPJ-RPC-008',
    title: 'An answer comes before the caller gives up',
    axis: 'timing',
    causes: ['A slow backend', 'The message waited in a queue'],
    next: ['Compare the latency with the time-out of the caller'],
    peer: 'ignores',
  },
  {
    id: 'OCPPJ-RPC-009',
    title: 'A call is answered once',
    causes: ['Two handlers answer the same call'],
    next: ['Look for a retry that was answered together with its first try'],
    peer: 'ignores',
  },
  {
    id: 'OCPPJ-RPC-010',
    title: 'One call at a time in each direction',
    causes: ['There is no queue in front of the socket', 'Each feature sends on its own'],
    next: ['Look at which two features sent at once'],
    peer: 'tolerates',
  },
  {
    id: 'OCPPJ-RPC-011',
    title: 'A call is answered',
    axis: 'timing',
    causes: ['The receiver has no handler for this action', 'The handler waits for somebody who does not answer'],
    next: ['Look at the log of the receiver at this time'],
    peer: 'unknown',
  },
  {
    id: 'OCPPJ-RPC-013',
    title: 'An error code is one of the protocol',
    causes: ['Free text stands in the place of the code'],
    next: ['Compare with the table of error codes'],
    peer: 'tolerates',
  },
  {
    id: 'OCPPJ-RPC-014',
    title: 'An error code is spelt as in this version',
    axis: 'compatibility',
    causes: ['One library serves several versions'],
    next: ['Nothing, if the peer accepts it'],
    peer: 'tolerates',
  },
  {
    id: 'OCPPJ-RPC-015',
    title: 'Error details are an object, a description is short',
    causes: ['A stack trace stands in the description', 'Details are a text'],
    next: ['Look at what the sender puts into its errors'],
    peer: 'tolerates',
  },
  {
    id: 'OCPPJ-RPC-016',
    title: 'A payload is an object',
    causes: ['An empty payload is written as null or left out'],
    next: ['Write {} for a payload without members'],
    peer: 'tolerates',
  },
  {
    id: 'OCPPJ-RPC-018',
    title: 'An action exists in this version',
    causes: ['A message of another version', 'A vendor invented an action instead of using DataTransfer'],
    next: ['Compare with the negotiated subprotocol'],
    peer: 'rejects',
  },
  {
    id: 'OCPPJ-RPC-019',
    title: 'An action is sent by the side it belongs to',
    causes: ['Station and CSMS roles were mixed up'],
    next: ['Look at who is configured as what'],
    peer: 'rejects',
  },
  {
    id: 'OCPPJ-RPC-021',
    title: 'A payload fits its schema',
    causes: ['A member is missing, too long, of another type or not in the list of values'],
    next: ['Look at the member that the finding points to'],
    peer: 'rejects',
  },
  {
    id: 'OCPPJ-RPC-023',
    versions: [...V16, '2.0.1'],
    title: 'CALLRESULTERROR and SEND need OCPP 2.1',
    causes: ['A 2.1 library on a connection that negotiated less'],
    next: ['Compare with the negotiated subprotocol'],
    peer: 'ignores',
  },
  {
    id: 'OCPP21-SEND-002',
    versions: V21,
    title: 'NotifyPeriodicEventStream travels as SEND, and nothing else does',
    causes: ['The dispatcher does not know SEND'],
    next: ['Look at the message type of the frame'],
    peer: 'rejects',
  },
  {
    id: 'OCPP21-CRE-001',
    versions: V21,
    title: 'A CALLRESULTERROR refers to the CALLRESULT that its sender just received',
    causes: ['The id is made up', 'The error belongs to an answer of another connection'],
    next: ['Look for the CALLRESULT that could not be used'],
    peer: 'ignores',
  },
];

export const f2Frames: readonly Rule[] = family({ versions: ALL, axis: 'conformance' }, [
  ...declared.map((rule): RuleFields => ({ ...rule, ...RPC_FINDINGS[rule.id], fault: 'sender', on: [] })),
  {
    id: 'OCPPJ-RPC-022',
    versions: V2X,
    severity: 'warning',
    fault: 'sender',
    title: 'The answer to a frame without a readable id has the id "-1"',
    clause: 'Part 4 §4.2.3',
    causes: ['The receiver makes up an id for its error'],
    next: ['Look at the unreadable frame before it'],
    peer: 'ignores',
    on: [],
  },
]);
