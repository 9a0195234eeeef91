/**
 * The seam where a message between two parties can be changed on its way. An interceptor looks at the text before it goes
 * on and says what shall happen; without one, everything passes. Simulated faults and, later, the proxy use it.
 */
export interface Passing {
  readonly direction: 'in' | 'out';
  readonly text: string;
}

export type Verdict =
  | 'pass'
  | 'drop'
  /** Goes on after this time; later messages may overtake it. */
  | { readonly delayMs: number }
  /** Goes on twice. */
  | 'duplicate'
  /** Other texts go on in its place. */
  | { readonly replaceWith: readonly string[] };

export type Interceptor = (passing: Passing) => Verdict;
