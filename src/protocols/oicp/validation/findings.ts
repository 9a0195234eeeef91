import type { Severity } from './severity.ts';

/** Stable codes of what can be wrong with a body. Each names one kind of deviation, whatever the message. */
export const FINDING_CODES = {
  'oicp.body.not-json': 'The body is not JSON text, or not an object',
  'oicp.body.required': 'A mandatory member is missing',
  'oicp.body.type': 'A value has the wrong JSON type',
  'oicp.body.pattern': 'A text does not have the required form',
  'oicp.body.enum': 'A value is not one of the defined ones',
  'oicp.body.length': 'A text is too long or too short',
  'oicp.body.range': 'A number is outside its range or has too many decimals',
  'oicp.body.items': 'A list has too many or too few entries',
  'oicp.body.schema': 'A value does not fit its schema in another way',
  'oicp.body.null': 'An absent member is written as null',
  'oicp.body.unknown-member': 'A member is not part of the message',
  'oicp.body.member-spelling': 'A member has the other spelling that some sources use',
  'oicp.body.value-spelling': 'A value has the other spelling that some sources use',
  'oicp.body.number-as-text': 'A number is written as text',
  'oicp.body.single-for-list': 'A single value stands where a list belongs',
  'oicp.body.several-members': 'More than one of the members that exclude each other',
  'oicp.body.no-member': 'None of the members of which one is needed',
  'oicp.leg.required': 'A member that this direction needs is missing',
  'oicp.leg.absent': 'A member should be left out in this direction',
  'oicp.identification.kind': 'This kind of identification is not allowed in this message',
  'oicp.identification.hashed-pin': 'A hashed PIN where only the clear PIN can be checked',
  'oicp.identification.pin': 'Not exactly one of PIN and HashedPIN',
  'oicp.status.result-mismatch': 'Result and status code contradict each other',
  'oicp.status.provider-missing': 'An authorization without the provider that gave it',
  'oicp.status.description': 'The description is not the defined text of the code',
  'oicp.time.calendar': 'A date or time that does not exist',
  'oicp.time.order': 'Times are in the wrong order',
  'oicp.time.range': 'A range of time is longer than allowed',
  'oicp.geo.range': 'A coordinate outside the globe',
  'oicp.geo.swapped': 'Latitude and longitude seem to be exchanged',
  'oicp.evse.opening-times': 'Opening times are missing although the station is not open all day',
  'oicp.evse.alone': 'A value that must stand alone stands beside others',
  'oicp.evse.amperage': 'A current that the two digits of the documents cannot express',
  'oicp.evse.energy-source': 'The energy sources contradict the rest',
  'oicp.evse.not-found-pushed': 'EvseNotFound is an answer of the hub, not a status to push',
  'oicp.list.duplicate': 'A key stands twice in one request',
  'oicp.delta.filter': 'LastCall cannot be combined with this filter',
  'oicp.pricing.availability': 'Availability times are missing although the product is not valid all day',
  'oicp.pricing.fixed-fee': 'A fixed fee beside a price per unit',
  'oicp.notification.progress': 'A progress without duration and without energy',
  'oicp.notification.duration': 'The duration is not the time between its two ends',
  'oicp.page.size': 'A page number or size outside its range',
} as const;

export type FindingCode = keyof typeof FINDING_CODES;

/** One deviation of a body. `error` refuses the body; the others are worth a look. */
export interface Finding {
  /** JSON pointer into the body as received. */
  readonly pointer: string;
  readonly code: FindingCode;
  /** A sentence for a person. */
  readonly text: string;
  readonly severity: Severity;
}

export function isRefused(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'error');
}

export function child(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/**
 * Findings of each entry of a list, by index: so that a pull keeps its good records when one is bad.
 * `listPointer` names the list, for example `/content`.
 */
export function findingsByItem(findings: readonly Finding[], listPointer: string): Map<number, Finding[]> {
  const items = new Map<number, Finding[]>();
  const prefix = `${listPointer}/`;
  for (const finding of findings) {
    if (!finding.pointer.startsWith(prefix)) continue;
    const index = Number.parseInt(finding.pointer.slice(prefix.length), 10);
    if (Number.isNaN(index)) continue;
    const list = items.get(index);
    if (list === undefined) items.set(index, [finding]);
    else list.push(finding);
  }
  return items;
}
