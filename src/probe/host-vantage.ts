import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import { operations } from './operations/all.ts';
import type { OperationName } from './protocol.ts';
import { vantageOver, type Vantage } from './vantage.ts';

/** This machine, in this process. It dials loopback and the machine's own addresses, nothing else. */
export function hostVantage(): Vantage {
  return vantageOver('this machine', (operation, request) => {
    if (operation === 'command') throw new Error('commands are run in probe containers, not on this machine');
    for (const address of addressesIn(operation, request)) assertOwn(address);
    return operations[operation](request as never) as never;
  });
}

type AnyRequest = {
  address?: string;
  host?: string;
  targets?: readonly AnyRequest[];
  requests?: readonly AnyRequest[];
};

function addressesIn(operation: OperationName, request: unknown): string[] {
  const { address, host, targets, requests } = request as AnyRequest;
  if (operation === 'sql') return [host ?? ''];
  const inner = [...(targets ?? []), ...(requests ?? [])].flatMap((one) => addressesIn(operation, one));
  return address === undefined ? inner : [address, ...inner];
}

function assertOwn(address: string): void {
  const bare = address.replace(/%.*$/, '');
  if (ipaddr.isValid(bare) && ipaddr.process(bare).range() === 'loopback') return;
  const own = Object.values(networkInterfaces()).some((list) => list?.some((one) => one.address === bare));
  if (!own) throw new Error(`the host vantage measures this machine only, and ${address} is not its address`);
}
