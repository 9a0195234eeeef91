import type { OcppVersion } from '../../../protocols/ocpp/versions.ts';
import type { CryptoPart } from '../security/certificate-vault.ts';
import type { StationTemplate } from '../template.ts';
import type { Factory, ProtocolSide, SideHost } from './side.ts';
import { Side2x } from './v2x/side.ts';
import { Side16 } from './v16/side.ts';

/** The half of a station that speaks this version. */
export function makeSide(
  version: OcppVersion,
  crypto: CryptoPart | undefined,
  factory: Factory,
): (host: SideHost, template: StationTemplate) => ProtocolSide {
  return (host, template) => {
    if (version === '1.6') return new Side16(host, template, crypto, factory);
    return new Side2x(version, host, template, crypto, factory);
  };
}
