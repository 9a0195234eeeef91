import { describe, expect, it } from 'vitest';
import { checkCarList } from './car-grammar.ts';
import { type CarMode, type Payment, resumeList, socList, startList } from './car-lists.ts';
import { CAR_GRAMMARS, type CarGrammar } from './releases.ts';

const check = (
  text: string,
  grammar: CarGrammar | undefined = 'A4',
  more: { hlc?: boolean; how?: 'execute' | 'modify' } = {},
) => checkCarList(text, { grammar, hlc: more.hlc ?? true, how: more.how ?? 'execute' });

/** `iso_start_v2g_session` as each release writes it, by hand from EVerest's registries; undefined: it cannot be said. */
const STARTS: Readonly<Record<CarGrammar, Readonly<Record<`${CarMode}/${Payment}`, string | undefined>>>> = {
  A1: {
    'ac-iec/auto': undefined,
    'ac-iec/eim': undefined,
    'ac-iec/contract': undefined,
    'ac-iso2/auto': 'iso_start_v2g_session ExternalPayment,AC_three_phase_core',
    'ac-iso2/eim': 'iso_start_v2g_session ExternalPayment,AC_three_phase_core',
    'ac-iso2/contract': 'iso_start_v2g_session contract,AC_three_phase_core',
    'dc-iso2/auto': 'iso_start_v2g_session ExternalPayment,DC_extended',
    'dc-iso2/eim': 'iso_start_v2g_session ExternalPayment,DC_extended',
    'dc-iso2/contract': 'iso_start_v2g_session contract,DC_extended',
  },
  A1b: only('iso_start_v2g_session AC', 'iso_start_v2g_session DC'),
  A2: only('iso_start_v2g_session AC', 'iso_start_v2g_session DC'),
  A3: only('iso_start_v2g_session AC', 'iso_start_v2g_session DC'),
  demo: only('iso_start_v2g_session AC,86400,0', 'iso_start_v2g_session DC,86400,0'),
  A4: {
    ...only('iso_start_v2g_session AC', 'iso_start_v2g_session DC'),
    'ac-iso2/eim': 'iso_start_v2g_session AC,externalpayment',
    'ac-iso2/contract': 'iso_start_v2g_session AC,contract',
    'dc-iso2/eim': 'iso_start_v2g_session DC,externalpayment',
    'dc-iso2/contract': 'iso_start_v2g_session DC,contract',
  },
};

function only(ac: string, dc: string) {
  return {
    'ac-iec/auto': undefined,
    'ac-iec/eim': undefined,
    'ac-iec/contract': undefined,
    'ac-iso2/auto': ac,
    'ac-iso2/eim': undefined,
    'ac-iso2/contract': undefined,
    'dc-iso2/auto': dc,
    'dc-iso2/eim': undefined,
    'dc-iso2/contract': undefined,
  };
}

describe('check 11: ISO 15118 lists by release', () => {
  const cases = CAR_GRAMMARS.flatMap((grammar) =>
    (['ac-iso2', 'dc-iso2'] as const).flatMap((mode) =>
      (['auto', 'eim', 'contract'] as const).map((payment) => ({ grammar, mode, payment })),
    ),
  );
  it.each(cases)('$grammar $mode $payment', ({ grammar, mode, payment }) => {
    const plan = { mode, payment, currentA: 16, phases: 3 } as const;
    const wanted = STARTS[grammar][`${mode}/${payment}`];
    const list = startList(plan, grammar);
    if (wanted === undefined) {
      expect(list).toHaveProperty('unsupported');
      return;
    }
    const draw =
      mode === 'ac-iso2'
        ? 'iso_draw_power_regulated 16,3;'
        : grammar === 'A1' || grammar === 'A1b'
          ? ''
          : 'iso_dc_power_on;';
    expect(list).toBe(`sleep 1;iso_wait_slac_matched;${wanted};iso_wait_pwr_ready;${draw}iso_wait_for_stop 36000`);
    expect(check(String(list), grammar).problems).toEqual([]);
    expect(check(String(resumeList(plan, grammar)), grammar, { how: 'modify' })).toMatchObject({
      problems: [],
      warnings: [],
    });
  });

  it('departure and energy go where the release takes them, and are refused elsewhere', () => {
    const plan = {
      mode: 'ac-iso2',
      payment: 'contract',
      currentA: 16,
      phases: 3,
      departureS: 3600,
      energyWh: 20000,
    } as const;
    expect(startList(plan, 'A4')).toContain('iso_start_v2g_session AC,contract,3600,20000;');
    expect(startList({ ...plan, payment: 'auto' }, 'A3')).toContain('iso_start_v2g_session AC,3600,20000;');
    expect(startList({ ...plan, payment: 'auto' }, 'A2')).toHaveProperty('unsupported');
    expect(startList({ ...plan, payment: 'auto' }, undefined)).toHaveProperty('unsupported');
  });

  it('the state of charge can be set in A4 only', () => {
    const plan = { mode: 'ac-iec', payment: 'auto', currentA: 16, phases: 3 } as const;
    expect(socList(80, plan, 'A4')).toBe('set_soc 80;draw_power_regulated 16,3;sleep 36000');
    expect(socList(80, plan, 'A3')).toHaveProperty('unsupported');
  });
});

describe('check 12: the old default string', () => {
  const old =
    'sleep 1;iso_wait_slac_matched;iso_start_v2g_session contract,AC_three_phase_core;iso_wait_pwr_ready;iso_draw_power_regulated 16,3;sleep 36000';
  it('is accepted in A1', () => expect(check(old, 'A1').problems).toEqual([]));
  it.each(['A1b', 'A2', 'A3', 'A4', 'demo'] as const)('is refused in %s, at its place', (grammar) => {
    const [first] = check(old, grammar).problems;
    expect(first).toMatchObject({ kind: 'grammar', at: old.indexOf('contract') });
  });
});

describe('check 13: the grammar checker', () => {
  it.each([
    ['a space after the semicolon', 'sleep 1; unplug', 8],
    ['a space after the comma', 'draw_power_regulated 16, 3', 21],
    ['an unknown word', 'sleep 1;fly', 8],
    ['an empty list', '', 0],
    ['only a semicolon', ';', 0],
    ['the separator of the Node-RED page', 'unplug#pause', 6],
    ['two spaces', 'sleep  1', 5],
    ['an empty item', 'sleep 1;;unplug', 8],
    ['a line end', 'sleep 1\nunplug', 7],
    ['a missing argument', 'sleep', 6],
    ['a number that is none', 'sleep abc', 6],
    ['infinity', 'sleep Infinity', 6],
    ['two phases as text', 'draw_power_regulated 16,three', 21],
    ['a percentage out of range', 'set_soc 101', 8],
    ['a word of the prototype', 'constructor', 0],
  ])('refuses %s', (_, text, at) => {
    expect(check(text).problems[0]).toMatchObject({ at });
  });

  it('takes a semicolon at the end and upper case', () => {
    expect(check('SLEEP 1;UNPLUG;')).toEqual({ list: 'sleep 1;unplug', problems: [], warnings: [] });
  });

  it('knows words by release', () => {
    expect(check('iso_start_bcb_toogle 3', 'A1b').problems).toEqual([]);
    expect(check('iso_start_bcb_toogle 3', 'A2').problems).toHaveLength(1);
    expect(check('set_soc 50', 'A3').problems).toHaveLength(1);
    expect(check('plugin', 'A3').problems).toEqual([]);
    expect(check('iso_start_v2g_session AC', 'demo').problems).toHaveLength(1);
    expect(check('iso_start_v2g_session AC,-1,-1', 'demo').problems).toEqual([]);
  });

  it('without a release takes what all understand, and asks to choose for the rest', () => {
    expect(
      checkCarList('iec_wait_pwr_ready;sleep 36000', { grammar: undefined, hlc: true, how: 'execute' }).problems,
    ).toEqual([]);
    expect(
      checkCarList('iso_start_v2g_session AC', { grammar: undefined, hlc: true, how: 'execute' }).problems[0],
    ).toMatchObject({ kind: 'choose' });
  });

  it('warns of a countdown that is not last in a modify list', () => {
    expect(check('sleep 5;unplug', 'A4', { how: 'modify' }).warnings).toHaveLength(1);
    expect(check('pause;sleep 3600', 'A4', { how: 'modify' }).warnings).toEqual([]);
    expect(check('sleep 5;unplug', 'A4').warnings).toEqual([]);
  });
});

it('check 14: ISO words need an EVSE with ISO 15118', () => {
  expect(check('iso_wait_slac_matched', 'A4', { hlc: false }).problems).toMatchObject([{ kind: 'hlc' }]);
  expect(check('iso_wait_pwm_is_running', 'A4', { hlc: false }).problems).toEqual([]);
});
