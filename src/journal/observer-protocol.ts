import { CompoteError, type ErrorCode, type ErrorDetails, messageOf } from '../core/errors.ts';
import type { LiveBatch, Rates } from './live-feed.ts';
import type { Opening } from './observer.ts';
import type { JournalQuery, JournalReport, Retention, ViewEntity } from './query.ts';
import type { Acknowledgement, JournalBuffer } from './recorder.ts';

/** What the main thread and the observer's thread say to each other. */

export interface ObserverSettings {
  readonly folder: string;
  readonly retention: Retention;
}

export interface LiveOptions {
  /** A filter; empty: everything. */
  readonly q?: string;
  readonly entity?: ViewEntity;
  /** The cursor of the last batch that was received. */
  readonly since?: string;
}

export type QueryMethod = keyof JournalQuery;

export type ToObserver =
  | { readonly type: 'buffer'; readonly buffer: JournalBuffer }
  | { readonly type: 'call'; readonly id: number; readonly method: QueryMethod; readonly args: readonly unknown[] }
  | { readonly type: 'subscribe'; readonly id: number; readonly options: LiveOptions }
  | { readonly type: 'unsubscribe'; readonly id: number }
  | { readonly type: 'rates'; readonly watched: boolean }
  | { readonly type: 'close' };

export interface PlainError extends Omit<ErrorDetails, 'cause'> {
  readonly code: ErrorCode;
}

export type FromObserver =
  | { readonly type: 'opened'; readonly opening: Opening }
  | { readonly type: 'failed'; readonly error: PlainError }
  | { readonly type: 'acknowledged'; readonly done: Acknowledgement }
  | { readonly type: 'result'; readonly id: number; readonly value?: unknown; readonly error?: PlainError }
  | { readonly type: 'subscribed'; readonly id: number; readonly error?: PlainError }
  | { readonly type: 'batch'; readonly id: number; readonly batch: LiveBatch }
  | { readonly type: 'rates'; readonly rates: Rates }
  | { readonly type: 'report'; readonly report: JournalReport }
  | { readonly type: 'closed'; readonly done: Acknowledgement };

/** Turns anything that was thrown into what may cross to another thread. */
export function toPlainError(error: unknown): PlainError {
  if (!(error instanceof CompoteError)) return { code: 'INTERNAL', detail: messageOf(error) };
  const { code, detail, hint, fields, extra } = error;
  return { code, ...(detail === undefined ? {} : { detail }), hint, fields, extra };
}

export function fromPlainError(error: PlainError): CompoteError {
  const { code, ...details } = error;
  return new CompoteError(code, details);
}
