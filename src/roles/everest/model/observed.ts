import { maskSecrets } from '../../../journal/mask.ts';
import { decode, type Observation } from '../../../protocols/everest/decode.ts';

/** What a message says. Of one that cannot be read a piece is shown and logged: without secrets. */
export function observed(topic: string, payload: string | Uint8Array): Observation | undefined {
  const observation = decode(topic, payload);
  if (observation?.said.kind !== 'invalid') return observation;
  const { kind, reason } = observation.said;
  return { ...observation, said: { kind, reason: maskSecrets(reason) } };
}
