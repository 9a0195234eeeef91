import { sleep } from '../service-process.ts';
import { compare, type Load, sum, type Verdict } from './load.ts';
import type { ChaosWorld } from './world.ts';

/**
 * People and back ends that change what services keep: tokens of the CSMS, presets of the workbench, vehicles and contracts
 * of the trust environment, messages through the broker of the EVerest adapter. Each change that was answered must stay.
 */
export class RestLoad implements Load {
  readonly name = 'tokens, presets, vehicles, contracts, broker messages';
  readonly #tokens: string[] = [];
  readonly #presets: string[] = [];
  readonly #vehicles: string[] = [];
  readonly #contracts: string[] = [];
  readonly #published: string[] = [];

  async run(world: ChaosWorld): Promise<void> {
    await Promise.all([
      this.#each(world, async (round) => {
        const id = `TOKEN${round}`;
        const token = { idToken: id, type: 'ISO14443', status: 'Accepted' };
        if (await this.#ok(world.request('csms', 'PUT', `/api/v1/tokens/${id}`, token))) this.#tokens.push(id);
      }),
      this.#each(world, async (round) => {
        // Few names, many versions: the newest that was acknowledged stands, or one that came later.
        const preset = { name: `Preset ${round}`, ver: '1.6', action: 'Reset', payload: { type: 'Soft' } };
        const id = `preset-${round % 300}`;
        if (await this.#ok(world.request('workbench', 'PUT', `/api/v1/presets/${id}`, preset))) this.#presets.push(id);
      }),
      this.#each(world, async (round) => {
        const pcid = `WMICHAOS${String(round).padStart(9, '0')}`;
        if (await this.#ok(world.request('trust', 'POST', '/api/v1/pnc/vehicles', { pcid }))) {
          this.#vehicles.push(pcid);
          const emaid = `DEDCBC${String(round).padStart(8, '0')}`;
          const wish = { emaid, pcid, driver: `driver ${round}` };
          if (await this.#ok(world.request('emp', 'POST', '/pnc_api/contracts', wish))) this.#contracts.push(emaid);
        }
      }),
      this.#each(world, async (round) => {
        const payload = `chaos-${round}.`;
        const message = { topic: 'everest_api/chaos/cmd/note', payload, unsafe: true };
        if (await this.#ok(world.request('everest', 'POST', '/api/v1/everest/publish', message)))
          this.#published.push(payload);
      }),
    ]);
  }

  async #each(world: ChaosWorld, change: (round: number) => Promise<void>): Promise<void> {
    for (let round = 0; world.running; round++) {
      await change(round);
      await sleep(40);
    }
  }

  async #ok(call: ReturnType<ChaosWorld['request']>): Promise<boolean> {
    const answer = await call;
    return answer !== undefined && answer.status < 300;
  }

  async verify(world: ChaosWorld): Promise<Verdict> {
    const tokens = (await world.all('csms', '/api/v1/tokens')).map(({ idToken }) => idToken);
    const presets = (await world.insist('workbench', 'GET', '/api/v1/presets')).items.map(
      ({ id }: { id: string }) => id,
    );
    const vehicles = (await world.all('trust', '/api/v1/pnc/vehicles')).map(({ pcid }) => pcid);
    const atTrust = JSON.stringify(await world.all('trust', '/api/v1/pnc/contracts'));
    const atEmp = JSON.stringify(await world.all('emp', '/api/v1/emp/contracts')).replaceAll('-', '');
    const published = (await world.journal('everest')).flatMap((line) => {
      const payload = line.includes('"kind":"send"') ? /"raw":"(chaos-\d+\.)"/.exec(line)?.[1] : undefined;
      return payload === undefined ? [] : [payload];
    });
    return sum([
      compare(this.#tokens, tokens),
      compare(new Set(this.#presets), presets),
      compare(this.#vehicles, vehicles),
      compare(this.#published, published),
      {
        checked: 2 * this.#contracts.length,
        lost: this.#contracts.flatMap((emaid) => [
          ...(atTrust.includes(emaid) ? [] : [`${emaid} at the trust environment`]),
          ...(atEmp.includes(emaid) ? [] : [`${emaid} at the EMP`]),
        ]),
        doubled: [],
      },
    ]);
  }
}
