import type { InboundContext, OutboundContext } from '../handler.ts';

/** A DER control on the station. `settings` are those of its type: a curve, a power factor, a gradient … */
export interface DerControlFacts {
  readonly controlId: string;
  readonly controlType: string;
  readonly isDefault: boolean;
  readonly settings: unknown;
  readonly source: 'set' | 'reported';
}

export function derControlKnown(
  context: InboundContext | OutboundContext,
  control: DerControlFacts,
  status: 'Accepted' | 'Superseded',
): void {
  const { state, station, now, services } = context;
  const id = control.controlId;
  state.items.put({ station, kind: 'der-controls', id, at: now, status, value: { ...control } });
  services.changed({ what: 'item', station, kind: 'der-controls', id });
}

/** Controls that lost against one of higher priority (R04). */
export function derControlsSuperseded(context: InboundContext | OutboundContext, ids: readonly string[]): void {
  const { state, station, now, services } = context;
  for (const id of ids) {
    const control = state.items.get(station, 'der-controls', id);
    if (control === undefined) continue;
    state.items.put({ ...control, at: now, status: 'Superseded' });
    services.changed({ what: 'item', station, kind: 'der-controls', id });
  }
}

/** R04.FR.41-45: what is not given does not select. */
export function derControlsCleared(
  context: OutboundContext,
  selection: {
    readonly isDefault?: boolean | undefined;
    readonly controlType?: string | undefined;
    readonly controlId?: string | undefined;
  },
): void {
  const { state, station, services } = context;
  for (const { id, value } of state.items.all(station, 'der-controls')) {
    const selected =
      (selection.isDefault === undefined || value['isDefault'] === selection.isDefault) &&
      (selection.controlType === undefined || value['controlType'] === selection.controlType) &&
      (selection.controlId === undefined || id === selection.controlId);
    if (!selected) continue;
    state.items.delete(station, 'der-controls', id);
    services.changed({ what: 'item', station, kind: 'der-controls', id });
  }
}
