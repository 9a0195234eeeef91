import type { Hub } from '../hub.ts';

/** What the routes of the hub work on. */
export interface HubApi {
  readonly hub: Hub;
  readonly nowMs: () => number;
  readonly newId: () => string;
  /** Where partners reach the hub. */
  readonly baseUrl: () => string;
}
