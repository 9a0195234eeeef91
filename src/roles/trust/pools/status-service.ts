import { ocspRequestOfPath } from '../../../protocols/opcp/index.ts';
import { type PoolHandlers, PoolRefusal, type PoolReply, type PoolWorld } from './pool-call.ts';

/** The OCSP responder (RFC 6960) over POST and GET. */
export function statusService(world: PoolWorld): PoolHandlers<'ocspPost' | 'ocspGet'> {
  const answer = (request: Uint8Array): PoolReply => {
    if (world.faults.now.ocsp === 'down') throw new PoolRefusal(503, 'The OCSP responder is down.');
    return { kind: 'ocsp', der: world.registrar.answerOcsp(request) };
  };
  return {
    ocspPost: ({ body }) => answer(body ?? new Uint8Array()),
    ocspGet: ({ params }) => answer(ocspRequestOfPath(params.request)),
  };
}
