import { get } from 'node:http';
import { request } from 'node:https';
import type { StartedTestContainer } from 'testcontainers';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export interface Ask {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Asks a balancer as a visitor does, by the site's name, which is not in this machine's DNS. */
export class Visitor {
  private readonly balancer: StartedTestContainer;
  private readonly domain: string;
  private readonly authority: string;

  /** @param authority the CA certificate, PEM, that the site's certificate must verify against */
  constructor(balancer: StartedTestContainer, domain: string, authority: string) {
    this.balancer = balancer;
    this.domain = domain;
    this.authority = authority;
  }

  /** How to reach the HTTPS port, for `tls.connect` and its like. */
  get door(): { host: string; port: number; ca: string; servername: string } {
    const port = this.balancer.getMappedPort(443);
    return { host: this.balancer.getHost(), port, ca: this.authority, servername: this.domain };
  }

  /** One request over HTTPS, on a connection of its own. */
  https(path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const options = { ...this.door, path, method, agent: false, headers: { host: this.domain, ...headers } };
      const outgoing = request(options, (response) => {
        let text = '';
        response.on('data', (chunk) => (text += String(chunk)));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  /** One request over HTTP, which is not followed to where it leads. */
  http(path: string, host: string): Promise<Answer> {
    // Node.js puts the address in place of an empty Host, unless told to leave it alone.
    const options = {
      host: this.balancer.getHost(),
      port: this.balancer.getMappedPort(80),
      path,
      headers: { host },
      setHost: false,
    };
    return new Promise((resolve, reject) => {
      get(options, (response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' });
      }).on('error', reject);
    });
  }

  /** Who answered each of so many requests, one after the other. */
  async served(requests: number): Promise<string[]> {
    const names: string[] = [];
    for (let index = 0; index < requests; index += 1)
      names.push(String((await this.https('/')).headers['x-served-by']));
    return names;
  }
}
