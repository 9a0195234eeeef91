import type { Step } from './format.ts';

/** A step as a person reads it: `plug, soCPercent 30`, `until transaction-started, within 30 s`. */
export function wordsOf(step: Step): string {
  if ('note' in step) return String(step.note);
  if ('do' in step) {
    const { do: command, ...params } = step;
    return [command, ...membersOf(params)].join(', ');
  }
  if ('wait' in step) return `wait ${amountOf(step.wait)} s`;
  if ('until' in step) {
    const data = 'data' in step ? membersOf((step.data ?? {}) as object) : [];
    return [`until ${String(step.until)}`, ...data, ...withinOf(step)].join(', ');
  }
  if ('expect' in step) return [`expect ${membersOf(step.expect as object).join(', ')}`, ...withinOf(step)].join(', ');
  if ('set' in step) return `set ${membersOf(step.set as object).join(', ')}`;
  if ('repeat' in step) return `repeat ${amountOf(step.repeat)} times`;
  if ('chance' in step) return `by chance ${String(step.chance)}`;
  return JSON.stringify(step);
}

function withinOf(step: object): string[] {
  return 'within' in step && step.within !== undefined ? [`within ${amountOf(step.within)} s`] : [];
}

function amountOf(amount: unknown): string {
  if (typeof amount !== 'object' || amount === null || !('between' in amount)) return String(amount);
  return (amount.between as readonly unknown[]).map(String).join(' to ');
}

function membersOf(members: object): string[] {
  return Object.entries(members).map(([name, value]) => `${name} ${saidOf(value)}`);
}

function saidOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if ('between' in value) return amountOf(value);
  const { min, max, not, ...rest } = value as {
    readonly min?: unknown;
    readonly max?: unknown;
    readonly not?: unknown;
  };
  if (Object.keys(rest).length > 0) return JSON.stringify(value);
  return [
    ...(min === undefined ? [] : [`at least ${String(min)}`]),
    ...(max === undefined ? [] : [`at most ${String(max)}`]),
    ...(not === undefined ? [] : [`not ${JSON.stringify(not)}`]),
  ].join(' and ');
}
