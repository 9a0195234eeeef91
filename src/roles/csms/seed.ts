import { hashOfSecret } from './admission.ts';
import type { CsmsSection } from './section.ts';
import type { CsmsState } from './state/csms-state.ts';
import { tokenOf } from './state/token-input.ts';

/** Registers the stations of the configuration, and adds its tokens where no token of that text is there already. */
export function seed(state: CsmsState, settings: CsmsSection, now: number): void {
  for (const { id, password, admission } of settings.stations) {
    const known = state.stations.get(id);
    const passwordHash =
      password === undefined ? undefined : hashOfSecret(password, settings.security.basicAuthEncoding);
    // A password that the station was given since over OCPP is newer than the file.
    state.stations.put({
      ...(known ?? { id, firstSeenAt: now, securityProfile: 0, boot: { status: 'none' }, info: {}, evses: [] }),
      registered: true,
      ...(admission === undefined ? {} : { admission }),
      ...(passwordHash === undefined || known?.passwordHash !== undefined ? {} : { passwordHash }),
    });
  }
  for (const token of settings.tokens)
    if (state.tokens.get(token.idToken) === undefined) state.tokens.put(tokenOf(token));
}
