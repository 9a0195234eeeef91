import type { Observation } from '../observation.ts';
import { booleanAt, isObject, listAt, numberAt, textAt } from '../payload-reader.ts';

export interface Setting {
  readonly value: string | undefined;
  readonly readOnly: boolean | undefined;
  readonly writeOnly: boolean | undefined;
  /** The message that said so, and when it was seen. */
  readonly seq: number;
  readonly at: number;
  readonly how: 'read' | 'set' | 'boot' | 'report';
}

/** More settings than this are not remembered: a device model has some hundreds. */
const LIMIT = 3_000;

/**
 * What is known of a station's configuration: keys of 1.6 (`HeartbeatInterval`), variables of 2.x
 * (`OCPPCommCtrlr.MessageTimeout[Default]`, `EVSE#1.Available`). Names compare case-insensitively.
 */
export class Configuration {
  readonly #settings = new Map<string, Setting>();
  /** What an answer named as unknown; in 1.6 all that it lacks when it gave everything. */
  #complete = false;
  readonly #absent = new Set<string>();

  /** The setting, when anybody has named it. */
  get(key: string): Setting | undefined {
    return this.#settings.size === 0 ? undefined : this.#settings.get(key.toLowerCase());
  }

  text(key: string): string | undefined {
    return this.get(key)?.value;
  }

  number(key: string): number | undefined {
    const value = this.text(key);
    return value === undefined || !/^\s*-?\d+(\.\d+)?\s*$/.test(value) ? undefined : Number(value);
  }

  boolean(key: string): boolean | undefined {
    const value = this.text(key)?.trim().toLowerCase();
    return value === 'true' ? true : value === 'false' ? false : undefined;
  }

  /** The items of a comma-separated list; undefined when the key is not known. */
  list(key: string): readonly string[] | undefined {
    const value = this.text(key);
    return value
      ?.split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }

  /** True when the station has said that it has no such key. */
  absent(key: string): boolean {
    const name = key.toLowerCase();
    return this.#absent.has(name) || (this.#complete && !this.#settings.has(name));
  }

  update(o: Observation): void {
    switch (o.action) {
      case 'GetConfiguration':
        return this.#read16(o);
      case 'ChangeConfiguration':
        return this.#changed16(o);
      case 'BootNotification': {
        const interval = numberAt(o.payload, 'interval');
        if (o.link.version === '1.6' && textAt(o.payload, 'status') === 'Accepted' && (interval ?? 0) > 0)
          this.#put('HeartbeatInterval', { value: String(interval), how: 'boot', seq: o.seq, at: o.time });
        return;
      }
      case 'GetVariables':
        for (const result of listAt(o.payload, 'getVariableResult')) {
          const value = textAt(result, 'attributeValue');
          const status = textAt(result, 'attributeStatus') ?? '';
          if (status === 'Accepted' && value !== undefined)
            this.#putVariable(result, { value, how: 'read', seq: o.seq, at: o.time });
          else if (/^Unknown(Component|Variable)$/.test(status) && this.#absent.size < LIMIT)
            this.#absent.add(variableKey(result).toLowerCase());
        }
        return;
      case 'SetVariables':
        return this.#set2x(o);
      case 'NotifyReport':
        return this.#report2x(o);
    }
  }

  #read16(o: Observation): void {
    for (const item of listAt(o.payload, 'configurationKey')) {
      const key = textAt(item, 'key');
      if (key === undefined) continue;
      this.#put(key, {
        value: textAt(item, 'value'),
        readOnly: booleanAt(item, 'readonly'),
        how: 'read',
        seq: o.seq,
        at: o.time,
      });
    }
    for (const key of listAt(o.payload, 'unknownKey'))
      if (typeof key === 'string' && this.#absent.size < LIMIT) this.#absent.add(key.toLowerCase());
    // Without a list of keys everything was asked for; a station may cut a long answer, so few keys prove nothing.
    if (listAt(o.request?.payload, 'key').length === 0 && listAt(o.payload, 'configurationKey').length >= 10)
      this.#complete = true;
  }

  #changed16(o: Observation): void {
    const key = textAt(o.request?.payload, 'key');
    if (key === undefined || textAt(o.payload, 'status') !== 'Accepted') return;
    this.#put(key, { value: textAt(o.request?.payload, 'value'), how: 'set', seq: o.seq, at: o.time });
  }

  #set2x(o: Observation): void {
    const values = new Map<string, string>();
    for (const item of listAt(o.request?.payload, 'setVariableData'))
      values.set(variableKey(item), textAt(item, 'attributeValue') ?? '');
    for (const result of listAt(o.payload, 'setVariableResult')) {
      const value = values.get(variableKey(result));
      if (textAt(result, 'attributeStatus') === 'Accepted' && value !== undefined)
        this.#putVariable(result, { value, how: 'set', seq: o.seq, at: o.time });
    }
  }

  #report2x(o: Observation): void {
    for (const item of listAt(o.payload, 'reportData')) {
      for (const attribute of listAt(item, 'variableAttribute')) {
        if (!isActual(textAt(attribute, 'type'))) continue;
        const mutability = textAt(attribute, 'mutability');
        this.#put(variableKey(item), {
          value: textAt(attribute, 'value'),
          // The default mutability is ReadWrite (2.0.1 Part 2 §2.49).
          readOnly: mutability === undefined ? undefined : mutability === 'ReadOnly',
          writeOnly: mutability === undefined ? undefined : mutability === 'WriteOnly',
          how: 'report',
          seq: o.seq,
          at: o.time,
        });
      }
    }
  }

  #putVariable(item: unknown, setting: Pick<Setting, 'value' | 'seq' | 'at' | 'how'>): void {
    if (isActual(textAt(item, 'attributeType'))) this.#put(variableKey(item), setting);
  }

  #put(key: string, setting: Pick<Setting, 'value' | 'seq' | 'at' | 'how'> & Partial<Setting>): void {
    const name = key.toLowerCase();
    const before = this.#settings.get(name);
    if (before === undefined && this.#settings.size >= LIMIT) return;
    this.#absent.delete(name);
    this.#settings.set(name, {
      readOnly: before?.readOnly,
      writeOnly: before?.writeOnly,
      ...setting,
    });
  }
}

function isActual(type: string | undefined): boolean {
  return type === undefined || type === 'Actual';
}

/** `Component[instance]#evse.connector.Variable[instance]`, with only the parts that are there. */
export function variableKey(item: unknown): string {
  if (!isObject(item)) return '';
  const component = item['component'];
  const variable = item['variable'];
  const evse = numberAt(component, 'evse', 'id');
  const connector = numberAt(component, 'evse', 'connectorId');
  const place = evse === undefined ? '' : `#${evse}${connector === undefined ? '' : `/${connector}`}`;
  return `${named(component)}${place}.${named(variable)}`;
}

function named(item: unknown): string {
  const instance = textAt(item, 'instance');
  return `${textAt(item, 'name') ?? ''}${instance === undefined ? '' : `[${instance}]`}`;
}
