import type Docker from 'dockerode';
import { inputError, machineError } from '../errors.ts';
import { openAgent, type OpenAgent } from './container-vantage.ts';
import { hostVantage } from './host-vantage.ts';
import { ownerOfThisProcess } from './owner.ts';
import { speakingFrom } from './source-address.ts';
import { leaveZones, settleStrangers, type StrangerAddresses, type StrangerZone } from './strangers.ts';
import { vantageOver, type Call, type Vantage } from './vantage.ts';

/** A service's own network namespace, or a stranger in a zone. */
export type From = { service: string } | { zone: string };

export interface VantagesOptions {
  docker: Docker;
  project: string;
  /** Reference of the image `probe`. */
  image: string;
  /** Where strangers stand. */
  zones: readonly StrangerZone[];
  /** The id of a service's running container. */
  containerOf(service: string): Promise<string>;
}

/** An agent, and for the strangers' one the address it has in each zone. */
interface Opened extends OpenAgent {
  addresses?: StrangerAddresses;
}

/** All strangers are one container: a container costs more than all that it measures. */
const strangers = 'strangers';

/** The places to measure from that the checks of one run share; each is opened when first used. */
export class Vantages {
  /** This machine: loopback and its own addresses. */
  readonly host: Vantage = hostVantage();
  readonly #options: VantagesOptions;
  readonly #owner = ownerOfThisProcess();
  readonly #agents = new Map<string, Promise<Opened>>();
  #ended = false;

  constructor(options: VantagesOptions) {
    this.#options = options;
  }

  /** The zones where strangers stand. */
  get zones(): readonly StrangerZone[] {
    return this.#options.zones;
  }

  /** The vantage there; the same place gives the same agent. Nothing is opened yet. */
  from(from: From): Vantage {
    const call: Call = (operation, request) =>
      this.#agent(from).then(async ({ channel }) => {
        const sent = 'zone' in from ? speakingFrom(await this.addressIn(from.zone), request) : request;
        return channel.call(operation, sent) as never;
      }) as never;
    return vantageOver(nameOf(from), call);
  }

  /** The address that a stranger in this zone has, and speaks from unless a request names another. */
  async addressIn(zone: string): Promise<string> {
    const { addresses } = await this.#agent({ zone });
    const address = addresses?.get(zone);
    if (address === undefined) throw inputError('ZONE_UNKNOWN', { message: `no stranger stands in a zone ${zone}` });
    return address;
  }

  /** Opens vantages ahead of their use, side by side. */
  async open(places: readonly From[]): Promise<void> {
    await Promise.all(places.map((from) => this.#agent(from)));
  }

  /** Forgets a vantage: a service that was started again has another network namespace. */
  async reset(from: From): Promise<void> {
    const key = keyOf(from);
    const agent = this.#agents.get(key);
    this.#agents.delete(key);
    await agent?.then((one) => one.close()).catch(() => undefined);
  }

  /** Closes them all and returns once their agents have ended. Nothing can be opened after it. */
  async close(): Promise<void> {
    this.#ended = true;
    const agents = [...this.#agents.values()];
    this.#agents.clear();
    await Promise.all(agents.map((agent) => agent.then((one) => one.close()).catch(() => undefined)));
  }

  async #agent(from: From): Promise<Opened> {
    const key = keyOf(from);
    const known = this.#agents.get(key);
    if (known !== undefined) {
      const agent = await known;
      if (!agent.channel.closed) return agent;
      // An agent may end by itself (idle, or out of memory): the next one takes its place.
      if (this.#agents.get(key) === known) await this.reset(from);
      return this.#agent(from);
    }
    if (this.#ended) throw new Error('the vantages of this run are closed');
    const opening = 'service' in from ? this.#beside(from.service) : this.#strangers();
    this.#agents.set(key, opening);
    // A failed opening may be tried again.
    opening.catch(() => this.#agents.get(key) === opening && this.#agents.delete(key));
    return opening;
  }

  async #beside(service: string): Promise<Opened> {
    const { docker, project, image, containerOf } = this.#options;
    const place = { containerId: await containerOf(service) };
    return openAgent({ docker, project, image, owner: this.#owner, place, name: service });
  }

  async #strangers(): Promise<Opened> {
    const { docker, project, image, zones } = this.#options;
    const place = { networks: zones.map(({ network }) => network) };
    const agent = await openAgent({ docker, project, image, owner: this.#owner, place, name: 'a stranger' });
    try {
      const addresses = await settleStrangers(agent.channel, zones);
      const close = async (): Promise<void> => {
        await leaveZones(agent.channel, zones).catch(() => undefined);
        await agent.close();
      };
      return { ...agent, addresses, close };
    } catch (error) {
      await agent.close();
      const found = error instanceof Error ? error.message : String(error);
      throw machineError('PROBE_FAILED', { message: 'a stranger cannot take its place in the zones', found }, error);
    }
  }
}

/** For people: `web1`, `a stranger in edge`. */
export function nameOf(from: From): string {
  return 'service' in from ? from.service : `a stranger in ${from.zone}`;
}

function keyOf(from: From): string {
  return 'service' in from ? `service/${from.service}` : strangers;
}
