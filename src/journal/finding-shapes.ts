import type { FindingAxis, NewFinding, PartyRole, PeerReaction, Protocol, Severity } from './entry.ts';
import type { Mute, MuteScope } from './mutes.ts';

/** Findings as the API serves them, and what can be asked about them. */

/** A finding as the journal keeps it. */
export interface KeptFinding extends NewFinding {
  readonly id: string;
}

export const FINDING_STATUSES = ['open', 'muted', 'fixed'] as const;
export type FindingStatus = (typeof FINDING_STATUSES)[number];

/** A finding as it is told. */
export interface Finding extends KeptFinding {
  /**
   * `muted`: a person does not want to hear of it. `fixed`: a person says that its cause is gone, and it was found before
   * that. Neither is counted, and none is gone.
   */
  readonly status: FindingStatus;
  /** The mute or mark that says so. */
  readonly mute?: string;
}

/** A finding with what its message says of it. */
export interface PlacedFinding extends Finding {
  readonly protocol?: Protocol;
  /** Role of the party at fault. */
  readonly fault?: PartyRole;
  readonly station?: string;
  readonly session?: string;
  readonly action?: string;
}

/** Which findings; all that is given must fit. */
export interface FindingFilter {
  readonly severity?: Severity;
  readonly rule?: string;
  /** The party at fault, and its role. */
  readonly party?: string;
  readonly fault?: PartyRole;
  readonly axis?: FindingAxis;
  readonly peer?: PeerReaction;
  readonly protocol?: Protocol;
  readonly station?: string;
  readonly session?: string;
  readonly seq?: number;
  readonly status?: Finding['status'];
  /** A filter of the findings' fields; `status:open severity:error -axis:timing`. */
  readonly q?: string;
}

export interface FindingQuery extends FindingFilter {
  readonly cursor?: string;
  readonly limit?: number;
}

export const GROUPS_OF_FINDINGS = ['rule', 'party', 'axis', 'protocol', 'action', 'station', 'session'] as const;
export type FindingGroups = (typeof GROUPS_OF_FINDINGS)[number];

/** Findings that have something in common. */
export interface FindingGroup {
  /** What they have in common; empty where they have none of it. */
  readonly key: string;
  readonly count: number;
  readonly muted: number;
  /** The worst of the open ones; of all where all are muted. */
  readonly severity: Severity;
  readonly first: number;
  readonly last: number;
  readonly parties: readonly string[];
  readonly rules: readonly string[];
  /** The newest of them. */
  readonly newest: PlacedFinding;
}

export interface NewMute extends MuteScope {
  readonly fixed?: true;
  readonly reason: string;
  readonly expiresAt?: number;
  readonly by?: string;
}

/** What a person decides about one finding. */
export interface FindingDecision {
  readonly status: FindingStatus;
  readonly reason?: string;
  readonly by?: string;
}

/** A mute with how many findings of now it covers. */
export interface ListedMute extends Mute {
  readonly findings: number;
  /** Its time is over: it mutes nothing any more. */
  readonly over: boolean;
}
