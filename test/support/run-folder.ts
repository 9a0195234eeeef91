import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Every test run has one temporary folder, and removes it at its end: `tmpdir()` names it in all workers and child processes, so
 * that a test which makes a folder need not think of it.
 */
export default function runFolder(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'compote-tests-'));
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
