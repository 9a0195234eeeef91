/** What `/api/v1/traces` answers. Times in epoch milliseconds. */

export interface Span {
  readonly id: string;
  readonly parent?: string;
  /** Later work that it caused but did not wait for. */
  readonly follows?: string;
  /** Who worked on it. */
  readonly party: string;
  readonly from: string;
  readonly name: string;
  readonly protocol: string;
  readonly start: number;
  readonly ms: number;
  readonly seq: number;
  readonly outcome: string;
  readonly error?: true;
  /** On the path that made the whole take as long as it did. */
  readonly critical?: true;
}

export interface Trace {
  readonly id: string;
  readonly root: string;
  readonly start: number;
  readonly ms: number;
  readonly parties: readonly string[];
  readonly errors: number;
  readonly session?: string;
  readonly spans: readonly Span[];
}
