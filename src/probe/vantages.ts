import type Docker from 'dockerode';
import { inputError } from '../errors.ts';
import { openAgent, type OpenAgent } from './container-vantage.ts';
import { hostVantage } from './host-vantage.ts';
import { ownerOfThisProcess } from './owner.ts';
import type { Place } from './probe-container.ts';
import { vantageOver, type Call, type Vantage } from './vantage.ts';

/** A service's own network namespace, or a stranger in a zone; strangers with another `as` are other strangers. */
export type From = { service: string } | { zone: string; as?: string };

export interface VantagesOptions {
  docker: Docker;
  project: string;
  /** Reference of the image `probe`. */
  image: string;
  zones: readonly { name: string; gateway: string; host?: string }[];
  /** The id of a service's running container. */
  containerOf(service: string): Promise<string>;
  /** The Docker network of a zone; default `<project>_<zone>`, as Compose names it. */
  networkOf?(zone: string): string;
}

/** The places to measure from that the checks of one run share; each is opened when first used. */
export class Vantages {
  /** This machine: loopback and its own addresses. */
  readonly host: Vantage = hostVantage();
  readonly #options: VantagesOptions;
  readonly #owner = ownerOfThisProcess();
  readonly #agents = new Map<string, Promise<OpenAgent>>();
  #ended = false;

  constructor(options: VantagesOptions) {
    this.#options = options;
  }

  /** The vantage there; the same place gives the same agent. Nothing is opened yet. */
  from(from: From): Vantage {
    const call: Call = (operation, request) =>
      this.#agent(from).then(({ channel }) => channel.call(operation, request) as never) as never;
    return vantageOver(nameOf(from), call);
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

  /** Closes them all and returns once their containers are gone. Nothing can be opened after it. */
  async close(): Promise<void> {
    this.#ended = true;
    const agents = [...this.#agents.values()];
    this.#agents.clear();
    await Promise.all(agents.map((agent) => agent.then((one) => one.close()).catch(() => undefined)));
  }

  async #agent(from: From): Promise<OpenAgent> {
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
    const opening = this.#open(from);
    this.#agents.set(key, opening);
    // A failed opening may be tried again.
    opening.catch(() => this.#agents.get(key) === opening && this.#agents.delete(key));
    return opening;
  }

  async #open(from: From): Promise<OpenAgent> {
    const { docker, project, image, networkOf } = this.#options;
    const common = { docker, project, image, owner: this.#owner };
    if ('service' in from) {
      const place: Place = { service: from.service, containerId: await this.#options.containerOf(from.service) };
      return openAgent({ ...common, place });
    }
    const zone = this.#options.zones.find(({ name }) => name === from.zone);
    if (zone === undefined) throw inputError('ZONE_UNKNOWN', { message: `no zone is called ${from.zone}` });
    const place: Place = { zone: zone.name, network: networkOf?.(zone.name) ?? `${project}_${zone.name}` };
    // Where the host has an address, Docker makes it the default gateway instead of the firewall.
    return openAgent({ ...common, place, ...(zone.host === undefined ? {} : { gateway: zone.gateway }) });
  }
}

function keyOf(from: From): string {
  return 'service' in from ? `service/${from.service}` : `zone/${from.zone}/${from.as ?? ''}`;
}

function nameOf(from: From): string {
  if ('service' in from) return from.service;
  return from.as === undefined ? `a stranger in ${from.zone}` : `${from.as}, a stranger in ${from.zone}`;
}
