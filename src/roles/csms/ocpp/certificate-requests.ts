import type { InboundContext } from './handler.ts';

/**
 * A station asks for a certificate (1.6 whitepaper A02/A03, 2.x A02/A03). Accepted means taken, not signed: the request is
 * kept until somebody signs it and sends CertificateSigned.
 */
export function certificateRequested(
  context: InboundContext,
  request: {
    readonly csr: string;
    readonly certificateType?: string | undefined;
    readonly requestId?: number | undefined;
  },
): 'Accepted' | 'Rejected' {
  const { state, station, now, services } = context;
  const { csr, certificateType = 'ChargingStationCertificate', requestId } = request;
  if (!/-----BEGIN (NEW )?CERTIFICATE REQUEST-----/.test(csr)) {
    // OCPP-SE-001 finds it.
    return 'Rejected';
  }
  const id = `request-${certificateType}`;
  state.items.put({
    station,
    kind: 'certificates',
    id,
    at: now,
    status: 'Requested',
    value: { certificateType, csr, requestId },
  });
  services.changed({ what: 'item', station, kind: 'certificates', id });
  return 'Accepted';
}
