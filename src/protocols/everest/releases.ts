/**
 * EVerest releases, and what each of them can do over MQTT. A station says nowhere in a reliable way which release it is, so
 * the release is configured, or known only as far as its messages show it.
 */

/** `year.month`, for example `2025.10`; `2026.10` stands for the development line after 2026.02. */
export type Release = string;

/** How a command list for the simulated car is written; it changed several times. `demo` is the patched demo image of 2025.10. */
export const CAR_GRAMMARS = ['A1', 'A1b', 'A2', 'A3', 'A4', 'demo'] as const;
export type CarGrammar = (typeof CAR_GRAMMARS)[number];

/** The MQTT dialects: N node-red style with the simulated car, L the module `API`, E `everest_api/1`. */
export const DIALECTS = ['N', 'L', 'E'] as const;
export type Dialect = (typeof DIALECTS)[number];

interface Span {
  /** First and last release that has it. */
  readonly from?: Release;
  readonly until?: Release;
}

/** What came and went. A feature that is missing here is in every release. */
export const FEATURES = {
  'N limit in A': { until: '2025.8' },
  'N limit in W': { from: '2023.3', until: '2025.8' },
  'N stop': { from: '2023.5', until: '2025.2' },
  'N error': { from: '2023.12' },
  'L enable with source': { from: '2024.5' },
  'L stop': { from: '2025.6' },
  'L unlock': { from: '2023.12' },
  'L limit': { from: '2023.5' },
  'L limit with phases': { from: '2025.2' },
  'L ocpp link': { from: '2023.12' },
  'L token as object': { from: '2024.3' },
  E: { from: '2025.10' },
  'E session info': { from: '2025.12' },
  'E discovery': { from: '2026.10' },
  'MQTT 5': { from: '2026.10' },
  'simulator in C++': { from: '2025.3' },
} as const satisfies Record<string, Span>;
export type Feature = keyof typeof FEATURES;

/** A number that orders releases: 2025.10 comes after 2025.9 and 2026.02 is 2026.2. Undefined for any other text. */
export function releaseOrder(release: Release): number | undefined {
  const match = /^(\d{4})\.(\d{1,2})(?:\.\d+)?$/.exec(release);
  return match === null ? undefined : Number(match[1]) * 100 + Number(match[2]);
}

/** Whether a release has a feature; `undefined` when the release is not known. */
export function hasFeature(release: Release | undefined, feature: Feature): boolean | undefined {
  const order = release === undefined ? undefined : releaseOrder(release);
  if (order === undefined) return undefined;
  const { from, until }: Span = FEATURES[feature];
  return order >= (releaseOrder(from ?? '') ?? 0) && order <= (releaseOrder(until ?? '') ?? Number.POSITIVE_INFINITY);
}

/** From which release on a grammar holds, newest first. */
const GRAMMAR_FROM: readonly (readonly [Release, CarGrammar])[] = [
  ['2026.2', 'A4'],
  ['2025.12', 'A3'],
  ['2024.5', 'A2'],
  ['2024.4', 'A1b'],
  ['2023.8', 'A1'],
];

/** The grammar of a release; `undefined` before 2023.8 and for an unknown release. */
export function grammarOf(release: Release | undefined): CarGrammar | undefined {
  const order = release === undefined ? undefined : releaseOrder(release);
  if (order === undefined) return undefined;
  return GRAMMAR_FROM.find(([from]) => order >= (releaseOrder(from) ?? 0))?.[1];
}
