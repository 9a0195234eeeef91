/**
 * The members that the hub asks of a notification, in the order of its process diagram: after the session, before the
 * endpoint. They are checked on a body that did not fit its schema for lack of them too.
 */
export interface MissingField {
  readonly field: string;
  /** What the hub says. */
  readonly text: string;
}

const BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  Start: ['EvseID', 'ChargingStart'],
  Progress: ['EvseID', 'ChargingStart', 'EventOccurred'],
  End: ['EvseID', 'ChargingEnd'],
  Error: ['EvseID', 'ErrorType'],
};

/** The first member that a notification lacks; `undefined` when it has all. Null counts as absent. */
export function missingNotificationField(body: Readonly<Record<string, unknown>>): MissingField | undefined {
  const lacks = (field: string): boolean => (body[field] ?? null) === null;
  const type = typeof body['Type'] === 'string' ? body['Type'] : '';
  const fields = Object.hasOwn(BY_TYPE, type) ? (BY_TYPE[type] ?? []) : [];
  const field = fields.find(lacks);
  if (field !== undefined) return { field, text: `Please provide ${field}` };
  if (type === 'Progress' && lacks('ChargingDuration') && lacks('ConsumedEnergyProgress')) {
    return { field: 'ChargingDuration', text: 'Please provide ChargingDuration or ConsumedEnergyProgress' };
  }
  return undefined;
}

/** Whether a finding at this pointer is about a member that the hub checks later, with its own text. */
export function isNotificationField(pointer: string): boolean {
  const field = pointer.slice(1);
  return field === 'ConsumedEnergyProgress' || field === 'ChargingDuration' || ALL_FIELDS.has(field);
}

const ALL_FIELDS: ReadonlySet<string> = new Set(Object.values(BY_TYPE).flat());
