import { isoTime, SECOND_MS } from '../../../core/time.ts';
import type { OcppSchemaSet } from '../../../protocols/ocpp/schemas.ts';
import type { LinkDescription, NewEntry, NewFinding } from '../../entry.ts';
import { RuleEngine } from '../engine.ts';
import type { RuleCount } from '../ledger.ts';
import type { Rule } from '../rule.ts';
import { readTraceLine, TRACE_BEGINS_MS } from './trace-line.ts';

/**
 * Traces for tests: wire text by hand, one line a message.
 *
 * ```
 * 1.6                                              the version
 * open                                             a socket; `open tls=… clientCn=…` adds facts; `close 1006` ends it
 * 10:00:05 S> [2,"1","Heartbeat",{}]               a frame of the station as it stands on the wire, at this time
 * +2 C> [3,"1",{"currentTime":"@"}]                two seconds later, of the CSMS; without a time: one second later
 * S> Heartbeat {} = {"currentTime":"@"}            a CALL and its CALLRESULT 50 ms later; the ids are made up
 * C> Reset {"type":"Soft"} = !NotSupported         a CALL and its CALLERROR
 * S> Heartbeat {}                                  a CALL without an answer
 * refused status=401 reason=… offered=…            a connection that was turned away
 * liveness {"pings":3,…}                           what the link tells of its pings; `close 1000 {"pings":3,…}` at its end
 * boot                                             a standard start: `boot 2` has two connectors
 * wait 60                                          a minute passes, the clock ticks
 * #b: open / #b: S> …                              the same on a second socket
 * ```
 * `@` is the time of its line, `@-60` a minute before it. The date is 2026-03-01, everything UTC.
 */
export interface TraceOptions {
  readonly rules: readonly Rule[];
  readonly schemas: OcppSchemaSet;
  readonly station?: string;
}

export interface TraceResult {
  readonly findings: readonly NewFinding[];
  readonly counts: ReadonlyMap<string, Readonly<RuleCount>>;
  readonly defects: readonly string[];
}

export function runTrace(text: string, options: TraceOptions): TraceResult {
  const run = new TraceRun(options);
  for (const line of text.split('\n')) run.line(line.trim());
  return run.finish();
}

class TraceRun {
  readonly #findings: NewFinding[] = [];
  readonly #defects: string[] = [];
  readonly #engine: RuleEngine;
  readonly #station: string;
  #now = TRACE_BEGINS_MS;
  #version = '1.6';
  #seq = 0;
  #nextLink = 1;
  #nextId = 1;
  readonly #links = new Map<string, number>();

  constructor(options: TraceOptions) {
    this.#station = options.station ?? 'CS-1';
    this.#engine = new RuleEngine({
      rules: options.rules,
      schemas: options.schemas,
      report: (finding) => void this.#findings.push(finding),
      defect: (where, thrown) => void this.#defects.push(`${where}: ${String(thrown)}`),
    });
  }

  line(line: string): void {
    if (/^(1\.6|2\.0\.1|2\.1)$/.test(line)) {
      this.#version = line;
      return;
    }
    const read = readTraceLine(line, this.#now);
    if (read === undefined) return;
    this.#now = read.at;
    if (read.word === 'wait') return this.#engine.tick(this.#now);
    const [, socket = 'a', word = '', rest = ''] =
      /^(?:#(\w+):\s*)?(\S+)\s*(.*)$/.exec(`${read.word} ${read.rest}`) ?? [];
    if (word === 'open') this.#open(socket, rest);
    else if (word === 'close') this.#close(socket, rest);
    else if (word === 'refused') this.#refused(rest);
    else if (word === 'liveness')
      this.#record({ link: this.#link(socket), toClient: false, kind: 'event', action: 'liveness', raw: rest });
    else if (word === 'boot') this.#boot(socket, Number(rest || '1'));
    else if (word === 'S>' || word === 'C>') this.#message(socket, word === 'C>', rest);
    else throw new Error(`No line of a trace: ${line}`);
  }

  finish(): TraceResult {
    this.#engine.tick(this.#now);
    this.#engine.finish();
    return { findings: this.#findings, counts: this.#engine.counts, defects: this.#defects };
  }

  #open(socket: string, facts: string): void {
    const link = this.#nextLink++;
    this.#links.set(socket, link);
    this.#engine.openLink(link, this.#description(link, factsOf(facts)), this.#now, true);
  }

  #refused(facts: string): void {
    const { status = '', reason = '', ...rest } = factsOf(facts);
    const link = this.#nextLink++;
    this.#engine.refused(
      this.#description(link, rest),
      {
        link,
        toClient: true,
        time: this.#now,
        kind: 'event',
        action: 'refused',
        messageId: '',
        raw: JSON.stringify({ status: Number(status), reason }),
        code: status,
      },
      ++this.#seq,
    );
  }

  #description(link: number, facts: Readonly<Record<string, string>>): LinkDescription {
    return {
      a: { id: this.#station, role: 'cs' },
      b: { id: 'csms', role: 'csms' },
      protocol: 'ocpp',
      version: this.#version,
      transport: 'file',
      conn: `trace-${link}`,
      facts,
      tap: 'import',
    };
  }

  #close(socket: string, rest: string): void {
    const link = this.#link(socket);
    const [, code = '', liveness = '{}'] = /^(\d*)\s*(\{.*)?$/.exec(rest) ?? [];
    const raw = JSON.stringify({ code: code === '' ? '1000' : code, reason: '', ...JSON.parse(liveness) });
    this.#record({ link, toClient: false, kind: 'event', action: 'closed', raw });
    this.#engine.closeLink(link, this.#now);
    this.#links.delete(socket);
  }

  #message(socket: string, fromCsms: boolean, rest: string): void {
    const link = this.#link(socket);
    const short = /^([\w-]+)\s+(\{.*?\})(?:\s+=\s+(.*))?$/.exec(rest);
    if (short === null) {
      this.#record({ link, toClient: fromCsms, raw: this.#timed(rest) });
      return;
    }
    const [, action = '', payload = '', answer] = short;
    const id = `m${this.#nextId++}`;
    this.#record({ link, toClient: fromCsms, raw: `[2,"${id}","${action}",${this.#timed(payload)}]` });
    if (answer === undefined) return;
    this.#now += 50;
    const raw = answer.startsWith('!')
      ? `[4,"${id}","${answer.slice(1)}","",{}]`
      : `[3,"${id}",${this.#timed(answer)}]`;
    this.#record({ link, toClient: !fromCsms, raw });
  }

  #boot(socket: string, connectors: number): void {
    const say = (text: string): void => this.#message(socket, false, text);
    const accepted = '{"status":"Accepted","currentTime":"@","interval":86400}';
    if (this.#version === '1.6') {
      say(`BootNotification {"chargePointVendor":"ACME","chargePointModel":"AC22"} = ${accepted}`);
      for (let connector = 0; connector <= connectors; connector++)
        say(`StatusNotification {"connectorId":${connector},"errorCode":"NoError","status":"Available"} = {}`);
      return;
    }
    say(`BootNotification {"reason":"PowerUp","chargingStation":{"vendorName":"ACME","model":"AC22"}} = ${accepted}`);
    for (let evse = 1; evse <= connectors; evse++) {
      if (this.#version === '2.0.1') {
        say(`StatusNotification {"timestamp":"@","connectorStatus":"Available","evseId":${evse},"connectorId":1} = {}`);
      } else {
        const component = `{"name":"Connector","evse":{"id":${evse},"connectorId":1}}`;
        say(
          `NotifyEvent {"generatedAt":"@","seqNo":0,"eventData":[{"eventId":${evse},"timestamp":"@","trigger":"Delta","actualValue":"Available","eventNotificationType":"HardWiredNotification","component":${component},"variable":{"name":"AvailabilityState"}}]} = {}`,
        );
      }
    }
  }

  #record(entry: Pick<NewEntry, 'link' | 'toClient' | 'raw'> & Partial<NewEntry>): void {
    this.#engine.observe({ kind: 'request', action: '', messageId: '', time: this.#now, ...entry }, ++this.#seq);
  }

  #link(socket: string): number {
    const link = this.#links.get(socket);
    if (link === undefined) throw new Error(`No socket ${socket} is open`);
    return link;
  }

  /** `"@"`, `"@-60"`, `"@+5"`: this time, and seconds before and after it. */
  #timed(text: string): string {
    return text.replaceAll(/"@([+-]\d+)?"/g, (_, offset?: string) => {
      const seconds = offset === undefined ? 0 : Number(offset);
      return `"${isoTime(this.#now + seconds * SECOND_MS)}"`;
    });
  }
}

function factsOf(text: string): Record<string, string> {
  const words = text.split(/\s+/).filter((each) => each !== '');
  return Object.fromEntries(words.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]));
}
