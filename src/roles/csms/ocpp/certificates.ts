import type { OutboundContext } from './handler.ts';

/** Hash data that names a certificate, the same in both generations. */
export interface CertificateHash {
  readonly hashAlgorithm: string;
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
}

export function certificateId(hash: CertificateHash): string {
  return `${hash.hashAlgorithm}-${hash.issuerNameHash}-${hash.issuerKeyHash}-${hash.serialNumber}`.toLowerCase();
}

/** The station told which certificates of some types it has: the copy here follows. */
export function certificatesListed(
  context: OutboundContext,
  types: readonly string[] | undefined,
  found: readonly {
    readonly type: string;
    readonly hash: CertificateHash;
    readonly children?: readonly CertificateHash[] | undefined;
  }[],
): void {
  const { state, station, now, services } = context;
  for (const item of state.items.all(station, 'certificates')) {
    const listed =
      item.status === 'Installed' && (types === undefined || types.includes(String(item.value['certificateType'])));
    if (listed) state.items.delete(station, 'certificates', item.id);
  }
  for (const { type, hash, children } of found) {
    state.items.put({
      station,
      kind: 'certificates',
      id: certificateId(hash),
      at: now,
      status: 'Installed',
      value: { certificateType: type, hash, ...(children === undefined ? {} : { children }) },
    });
  }
  services.changed({ what: 'item', station, kind: 'certificates', id: '' });
}

/** The station accepted a root to install. Its hash data is known when the station is asked for its list. */
export function certificateInstalled(context: OutboundContext, certificateType: string, certificate: string): void {
  const { state, station, now, services } = context;
  state.items.append({
    station,
    kind: 'certificates',
    at: now,
    status: 'Accepted',
    value: { certificateType, certificate },
  });
  services.changed({ what: 'item', station, kind: 'certificates', id: '' });
}

export function certificateDeleted(context: OutboundContext, hash: CertificateHash): void {
  const id = certificateId(hash);
  context.state.items.delete(context.station, 'certificates', id);
  context.services.changed({ what: 'item', station: context.station, kind: 'certificates', id });
}

/** The station took a signed certificate: its request is done. */
export function certificateSignedAccepted(
  context: OutboundContext,
  certificateType: string,
  certificateChain: string,
): void {
  const { state, station, now, services } = context;
  const id = `request-${certificateType}`;
  const request = state.items.get(station, 'certificates', id);
  state.items.put({
    station,
    kind: 'certificates',
    id,
    at: now,
    status: 'Signed',
    value: { certificateType, ...request?.value, certificateChain },
  });
  services.changed({ what: 'item', station, kind: 'certificates', id });
}
