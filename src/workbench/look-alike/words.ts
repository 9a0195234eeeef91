/** The API module of an EVSE: letters, so that nobody can read the number from the name. */
export function moduleOf(n: number): string {
  return `evse_api_${String.fromCharCode(96 + n)}`;
}

/** The number beside the word, by release (2023.12 to 2025.12, and 2026.02 and newer). */
export function numberOf(word: string, release: string): number {
  const old = [
    'Disabled',
    'Idle',
    'Wait for Auth',
    'PrepareCharging',
    'Wait for energy',
    'Charging',
    'Car Paused',
    'EVSE Paused',
    'StoppingCharging',
    'Finished',
  ];
  const index = old.indexOf(word);
  const isNew = release.startsWith('2026');
  return isNew && index > 4 ? index - 1 : index;
}

export function withMeter(extra: Readonly<Record<string, unknown>>, energyWh: number, timestamp: string): object {
  const meter_value = { timestamp, energy_Wh_import: { total: energyWh } };
  return Object.fromEntries(
    Object.entries(extra).map(([name, value]) => [
      name,
      /^(session|transaction|charging_state|authorization)/.test(name) ? { ...(value as object), meter_value } : value,
    ]),
  );
}

export function errorObject(type: string, n: number): object {
  return {
    type,
    description: '',
    message: 'simulated',
    severity: 'High',
    origin: {
      module_id: type.startsWith('evse_board') ? `yeti_driver_${n}` : `evse_manager_${n}`,
      implementation_id: 'evse',
    },
    timestamp: '2026-01-01T00:00:00.000Z',
    uuid: `${n}-${type}`,
    state: 'Active',
  };
}

export function parsed(payload: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
