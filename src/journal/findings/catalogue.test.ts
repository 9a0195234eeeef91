import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ACTIONS } from '../../protocols/ocpp/actions.ts';
import { RPC_FINDINGS } from '../../protocols/ocpp/rpc-report.ts';
import { OPERATION_NAMES } from '../../protocols/oicp/index.ts';
import { acrossCatalogue } from './across-catalogue.ts';
import { everyRule, ruleCatalogue } from './catalogue.ts';
import { exchangeCatalogue } from './exchange-catalogue.ts';
import { rulesPage } from './rules-page.ts';

const rules = ruleCatalogue();
const every = everyRule();

describe('the rule catalogue', () => {
  it('names each rule once', () => {
    expect(new Set(every.map((rule) => rule.id)).size).toBe(every.length);
  });

  it('says of each rule why it may happen and what to look at next', () => {
    const silent = every.filter((rule) => rule.causes.length === 0 || rule.next.length === 0).map((rule) => rule.id);
    expect(silent).toEqual([]);
  });

  it('holds everything that the RPC engine reports', () => {
    const known = new Set(rules.map((rule) => rule.id));
    expect(Object.keys(RPC_FINDINGS).filter((id) => !known.has(id))).toEqual([]);
  });

  it('asks no rule about an action that its versions do not have', () => {
    const lost: string[] = [];
    for (const rule of rules) {
      for (const trigger of rule.on) {
        const [action = '', kind] = trigger.split('.');
        if (kind === undefined || action === '*' || action === 'unknown') continue;
        if (!rule.versions.some((version) => Object.hasOwn(ACTIONS[version], action)))
          lost.push(`${rule.id} ${trigger}`);
      }
    }
    expect(lost).toEqual([]);
  });

  it('asks no rule about an operation that does not exist', () => {
    const lost = exchangeCatalogue()
      .filter(({ protocol }) => protocol === 'oicp')
      .flatMap(({ id, on }) => on.map((trigger) => [id, trigger.split('.')[0] ?? ''] as const))
      .filter(([, operation]) => operation !== '*' && !OPERATION_NAMES.some((name) => name === operation));
    expect(lost).toEqual([]);
  });

  it('has traces for each rule that compares protocols', () => {
    const text = testsIn('./rules/across/');
    expect(acrossCatalogue().filter(({ id }) => !text.includes(`'${id}': {`))).toEqual([]);
  });

  it('has traces for each rule about exchanges', () => {
    const text = ['oicp', 'pnc'].map((folder) => testsIn(`./rules/${folder}/`)).join('');
    const missing = exchangeCatalogue().filter(({ id }) => !text.includes(`'${id}': {`));
    // Reported by the roles, whose tests show them, and by strict readers; no schema of 2.3 needs the last resort.
    expect(missing.map(({ id }) => id)).toEqual([
      'oicp.body.schema',
      'oicp.body.null',
      'oicp.caller',
      'oicp.forward.invalid',
      'oicp.forward.timeout',
      'oicp.forward.unreachable',
      'oicp.authorize.second-yes',
      'oicp.cdr.refused',
    ]);
  });

  it('has a test for each rule that links and roles report', () => {
    const root = new URL('../../../', import.meta.url);
    const tests = ['src/', 'test/'].flatMap((folder) =>
      readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
        .filter((name) => /(\.test|-cases)\.ts$/.test(name) && !name.endsWith('catalogue.test.ts'))
        .map((name) => readFileSync(new URL(folder + name.replaceAll('\\', '/'), root), 'utf8')),
    );
    const words = new Set(tests.flatMap((text) => text.match(/[A-Za-z][\w.-]*[\w]/g) ?? []));
    const silent = every.filter(({ id }) => !words.has(id)).map(({ id }) => id);
    expect(silent).toEqual([
      // No schema of 2.3 needs the last resort.
      'oicp.body.schema',
      // Told by the settling of answers (`secondYes` in roles/hub/state/sessions.test.ts).
      'oicp.authorize.second-yes',
      // The CSMS gives up before its client does (`hub.authorize.slow`), and no port of the tests breaks off in an answer.
      'hub.authorize.timeout',
      'hub.authorize.broken',
    ]);
  });

  it('is what docs/reference/rules.md says (npm run docs:reference writes it)', () => {
    const page = readFileSync(new URL('../../../docs/reference/rules.md', import.meta.url), 'utf8');
    // Compared as a whole: the difference would be longer than the page.
    expect(page === rulesPage(every)).toBe(true);
  });

  it('has traces for each rule', () => {
    const text = testsIn('./rules/ocpp/');
    const missing = rules.filter((rule) => !text.includes(`'${rule.id}': {`)).map((rule) => rule.id);
    // Reported by the OCPP server before there is a connection (src/link), and by the engine for bytes (engine.test.ts).
    expect(missing).toEqual(['OCPPJ-HS-001', 'OCPPJ-HS-003', 'OCPPJ-HS-004', 'OCPPJ-HS-005', 'OCPPJ-WS-005']);
  });
});

function testsIn(path: string): string {
  const folder = new URL(path, import.meta.url);
  const tests = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
  return tests.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('');
}
