import { CompoteError } from '../../core/errors.ts';
import { DEMO_STATION_PASSWORD, type SharedConfig } from '../../platform/config/shared-config.ts';
import { isLoopback } from '../../platform/http/origin-check.ts';
import { sharedPasswordHashes } from './admission.ts';
import type { CsmsConfig } from './config.ts';

/**
 * The domain's configuration with the security profile that the whole world was started with.
 *
 * @throws CONFIG_INVALID for the published password where others can reach us
 */
export function withProfile(
  config: CsmsConfig,
  { profile, password }: SharedConfig['security'],
  host: string,
): CsmsConfig {
  const minimumProfile = Math.max(profile, config.security.minimumProfile) as 0 | 1 | 2 | 3;
  const security = { ...config.security, minimumProfile };
  if (profile !== 1 && profile !== 2) return { ...config, security };
  if (password === DEMO_STATION_PASSWORD && !isLoopback(host)) {
    throw new CompoteError('CONFIG_INVALID', {
      detail: `security.password is the published one, and the CSMS listens on ${host}`,
      hint: 'Set `security.password` to a secret of your own: 32 hexadecimal digits serve all OCPP versions.',
    });
  }
  return { ...config, security: { ...security, sharedPasswordHashes: sharedPasswordHashes(password) } };
}
