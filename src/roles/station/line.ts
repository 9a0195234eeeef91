import type { StationMachine } from './machine.ts';

/** The station's line to its CSMS: when to dial, when to give up waiting, whether the other end still lives. */
export class Line {
  readonly #machine: StationMachine;
  connected = false;
  /** The network is pulled: nothing connects until it is back. */
  networkDown = false;
  offlineSinceMs = 0;
  /** Attempts since the last connection. */
  #attempts = 0;
  /** The connection was dropped on purpose: the next one needs no back-off. */
  #connectAtOnce = false;
  #pingOpen = false;

  constructor(machine: StationMachine) {
    this.#machine = machine;
  }

  /** The station has power again. */
  begin(): void {
    this.offlineSinceMs = this.#machine.now();
    this.#attempts = 0;
    this.connect();
  }

  connect(): void {
    if (!this.networkDown) this.#machine.effect({ do: 'connect' });
  }

  /** Drops the connection and connects again at once. */
  reconnect(): void {
    this.#connectAtOnce = true;
    this.#machine.effect({ do: 'disconnect', code: 1000, reason: 'The station connects again' });
  }

  /** Cuts the network, or gives it back. `silent`: the peer is not told, no FIN reaches it. */
  setNetwork(down: boolean, silent: boolean): void {
    this.networkDown = down;
    this.#machine.happened(down ? 'network-loss' : 'network-back');
    if (down) this.cut(silent);
    else if (this.#machine.powered && !this.connected) this.connect();
  }

  cut(silent: boolean): void {
    this.#machine.effect({ do: 'disconnect', code: 1006, reason: '', cut: true, silent });
  }

  opened(): void {
    this.connected = true;
    this.#attempts = 0;
    this.#machine.timer('connect', undefined);
    this.#pingOpen = false;
    this.armPing();
    this.#machine.happened('connected');
  }

  failed(why: string): void {
    this.#machine.happened('connect-failed', { why });
    this.#machine.side.connectFailed(this.#attempts + 1, why);
    this.#waitAndConnect();
  }

  /** The connection is gone, whoever ended it. */
  closed(): void {
    if (this.connected) {
      this.offlineSinceMs = this.#machine.now();
      this.connected = false;
      this.#machine.happened('disconnected');
    }
  }

  /** Dials again, at once after a drop on purpose, else by the back-off. */
  dialAgain(): void {
    const atOnce = this.#connectAtOnce;
    this.#connectAtOnce = false;
    if (!this.#machine.powered) return;
    if (atOnce) this.connect();
    else this.#waitAndConnect();
  }

  /** wait(k) = minimum × 2^min(k, repeat) + a fresh random share (2.0.1 errata 4.12). */
  #waitAndConnect(): void {
    if (!this.#machine.powered || this.networkDown) return;
    const { waitMinimumS, randomRangeS, repeatTimes } = this.#machine.side.backoff;
    const base = waitMinimumS * 2 ** Math.min(this.#attempts, repeatTimes);
    this.#attempts++;
    const waitS = base + this.#machine.random.next() * randomRangeS;
    this.#machine.timer('connect', this.#machine.now() + waitS * 1000);
  }

  /** Something came that shows that the other end lives. */
  alive(): void {
    this.#pingOpen = false;
  }

  armPing(): void {
    const { pingIntervalS } = this.#machine.side;
    this.#machine.timer('ping', pingIntervalS > 0 ? this.#machine.now() + pingIntervalS * 1000 : undefined);
  }

  /** A ping that was not answered until the next is due: the line is dead (OCPP-J §5.4, 2.0.1 Part 4 §5.4). */
  ping(): void {
    if (!this.connected) return;
    if (this.#pingOpen) {
      this.#machine.happened('ping-unanswered');
      return this.cut(false);
    }
    this.#pingOpen = true;
    this.#machine.effect({ do: 'ping' });
    this.armPing();
  }
}
