import { expect, test } from 'vitest';
import { probeContainer, type Place } from '../../../src/probe/probe-container.ts';

const beside: Place = { containerId: 'abc' };
const stranger: Place = { networks: ['lab_web', 'lab_data'] };
const made = (place: Place) => probeContainer('lab', 'owner', 'lab/probe:1', place);

test.each([beside, stranger, 'links' as const])('%o is hardened, labelled and ends with its client', (place) => {
  expect(made(place)).toMatchObject({
    Labels: { 'lab.probe': 'lab', 'lab.probe.owner': 'owner' },
    StdinOnce: true,
    Tty: false,
    HostConfig: { AutoRemove: true, ReadonlyRootfs: true, CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges'] },
  });
  expect(made(place).HostConfig?.Memory).toBeGreaterThan(0);
  expect(made(place).HostConfig?.PidsLimit).toBeGreaterThan(0);
});

test('beside a service it has no right of its own', () => {
  expect(made(beside)).toMatchObject({ User: '10080:10080', HostConfig: { NetworkMode: 'container:abc' } });
  expect(made(beside).HostConfig?.CapAdd).toBeUndefined();
});

test('a stranger may change its own routes, and nothing else', () => {
  expect(made(stranger).HostConfig).toMatchObject({ NetworkMode: 'lab_web', CapAdd: ['NET_ADMIN'] });
});

test('a stranger is attached to every zone it stands in', () => {
  expect(made(stranger).NetworkingConfig?.EndpointsConfig).toHaveProperty(['lab_web', 'DriverOpts']);
  expect(Object.keys(made(stranger).NetworkingConfig?.EndpointsConfig ?? {})).toEqual(['lab_web', 'lab_data']);
});

test('on the links it may listen, and do nothing else', () => {
  expect(made('links')).toMatchObject({ User: '0:0', HostConfig: { NetworkMode: 'host', CapAdd: ['NET_RAW'] } });
});
