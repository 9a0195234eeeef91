import type { StartLookAlike } from '../../roles/everest/look-alike-port.ts';
import { LookAlike } from './look-alike.ts';

export { LookAlike } from './look-alike.ts';
export type { LookAlikeTraits } from './place.ts';

/** For the everest service: the table of services brings both together. */
export const startLookAlike: StartLookAlike = async (options) => {
  const lookAlike = new LookAlike(options);
  lookAlike.start();
  return { stop: () => lookAlike.stop() };
};
