import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';

export type { FindingGroup, FindingGroups, ListedMute, PlacedFinding } from '../../../../src/journal/query.ts';

/** A rule of the catalogue, in our own words. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly protocol: string;
  readonly versions: readonly string[];
  readonly severity: string | Readonly<Record<string, string>>;
  readonly axis: string;
  readonly fault: string;
  readonly peer: string;
  readonly clause: string;
  readonly causes: readonly string[];
  readonly next: readonly string[];
  readonly quirk?: string;
}

export interface CountedRule extends Rule {
  readonly findings: number;
  readonly muted: number;
  readonly first?: number;
  readonly last?: number;
}

/** What the catalogue says of a rule; nothing for schemas and frames, which are rules by themselves. */
export const useRule = (id: string | undefined) =>
  useGet<CountedRule>(id === undefined ? undefined : apiPath(`/rules/${part(id)}`));

/** What a tolerant peer does with it. */
export const PEERS: Readonly<Record<string, string>> = {
  rejects: 'a tolerant peer refuses it too',
  tolerates: 'a tolerant peer takes it',
  ignores: 'a tolerant peer does not look at it',
  unknown: 'what a tolerant peer does is not known',
};
