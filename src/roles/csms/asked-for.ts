/** What a station sends because this command asked for it. */
export function askedFor(action: string, payload: unknown): readonly string[] {
  // A user may send anything on purpose.
  if (typeof payload !== 'object' || payload === null) return [];
  switch (action) {
    case 'TriggerMessage':
    case 'ExtendedTriggerMessage': {
      const requested =
        'requestedMessage' in payload && typeof payload.requestedMessage === 'string' ? payload.requestedMessage : '';
      return /^Sign.*Certificate$/.test(requested) ? ['SignCertificate'] : [requested, `Signed${requested}`];
    }
    case 'GetBaseReport':
    case 'GetReport':
      return ['NotifyReport'];
    default:
      return [];
  }
}
