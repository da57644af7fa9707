import { describe, expect, it } from 'vitest';
import { loadLab } from '../../../src/life/labs.ts';
import { problemsOf } from '../../../src/lab/consistency.ts';

const { services, sharedAddresses, ...rest } = await loadLab('scaled-up');
const found = (lab: object): string[] =>
  problemsOf({ ...rest, services, sharedAddresses, ...lab }).map(({ message }) => message);
const among = (...names: string[]): object => ({ sharedAddresses: { balancer: { among: names } } });

describe('a shared address', () => {
  it('stands in flows and endpoints for the balancers that share it', () => {
    expect(found({})).toEqual([]);
  });

  it.each([
    ['a service that there is not', among('balancer1', 'balancer3'), 'there is no service "balancer3"'],
    ['a service that is no balancer', among('balancer1', 'web1'), 'web1 is no balancer'],
    ['one balancer twice', among('balancer1', 'balancer1'), 'balancer1 is named twice'],
    [
      'balancers of two zones',
      { services: { ...services, balancer2: { kind: 'balancer', zone: 'web' } } },
      'sharedAddresses.balancer.among: they are not in one zone',
    ],
    [
      'the name of a service',
      { sharedAddresses: { ...sharedAddresses, web1: { among: ['balancer1', 'balancer2'] } } },
      'sharedAddresses.web1: a service has this name',
    ],
    [
      'a balancer that shares another',
      { sharedAddresses: { ...sharedAddresses, other: { among: ['balancer1', 'balancer2'] } } },
      'balancer1 shares balancer already',
    ],
    [
      'a start in a flow',
      { flows: { ...rest.flows, balancing: { from: ['balancer'], to: ['web1:80'] } } },
      'no conversation starts at the shared address "balancer"',
    ],
    [
      'a flow within its own zone',
      { flows: { ...rest.flows, within: { from: ['dmz'], to: ['balancer:443'] } } },
      'dmz and balancer are in one zone',
    ],
  ])('is refused with %s', (_, lab, message) => {
    expect(found(lab).join('\n')).toContain(message);
  });
});
