import type { InboundContext } from './handler.ts';

/** What nobody here can answer: the service is not there (statusInfo of 2.x answers). */
export const NO_CERTIFICATE_SERVICE = {
  reasonCode: 'NotEnabled',
  additionalInfo: 'Nobody answers for certificates of vehicles here',
} as const;

/** Keeps a question about certificates with the status that it was answered with. */
export function certificateQuestionAnswered(
  context: InboundContext,
  question: string,
  facts: object,
  status: string,
): void {
  const { state, station, now, services } = context;
  state.items.append({ station, kind: 'certificate-questions', at: now, status, value: { question, ...facts } });
  services.changed({ what: 'item', station, kind: 'certificate-questions', id: question });
}
