import { expect, test } from 'vitest';
import { matrixOf, rowName, startName, type MatrixRow } from '../../../../src/checks/firewalls/matrix.ts';
import { makePlan } from '../../../../src/plan/plan.ts';
import { referenceLab, settingsWith } from '../../plan/settings.ts';

const plan = makePlan(referenceLab, settingsWith());
const rows = matrixOf(plan);
const row = (name: string): MatrixRow | undefined => rows.find((one) => rowName(one) === name);

test('every flow between zones is in it, from every start that may use it', () => {
  for (const flow of plan.policy.filter(({ from }) => from.kind !== 'host')) {
    const allowed = rows.filter(
      (one) =>
        one.expected === 'allowed' &&
        one.service === flow.to.service &&
        one.port === flow.to.port &&
        one.flow === flow.flow,
    );
    const starts = allowed.map((one) => startName(one.from));
    if (flow.from.kind === 'service') expect(starts).toContain(flow.from.service);
    if (flow.from.kind === 'zone') expect(starts).toContain(`a stranger in ${flow.from.zone}`);
  }
});

test('nothing is allowed that is no flow', () => {
  for (const { from, service, port, protocol, family, expected, zone } of rows) {
    if (expected !== 'allowed') continue;
    expect({ protocol, family }).toEqual({ protocol: 'tcp', family: 'IPv4' });
    const flow = plan.policy.find(
      ({ from: source, to }) =>
        to.service === service &&
        to.port === port &&
        (source.kind === 'zone'
          ? source.zone === zone
          : source.kind === 'service' && from.kind === 'service' && source.service === from.service),
    );
    expect(flow, `${startName(from)} to ${service}:${port}`).toBeDefined();
  }
});

test('it holds every start and every service, idle ports, UDP and IPv6', () => {
  const starts = new Set(rows.map(({ from }) => startName(from)));
  for (const { name } of plan.services) expect(starts).toContain(name);
  for (const zone of ['edge', 'dmz', 'web', 'data', 'ops']) expect(starts).toContain(`a stranger in ${zone}`);
  expect(row('web1 to db-primary:3306')).toMatchObject({
    expected: 'allowed',
    flow: 'application-data',
    firewalls: ['fw-app', 'fw-data'],
  });
  expect(row('web1 to db-primary:22')).toMatchObject({ expected: 'denied' });
  expect(row('web1 to db-primary:53 (UDP)')).toMatchObject({ expected: 'denied' });
  expect(row('web1 to web2:80')).toMatchObject({ expected: 'no-firewall-between', firewalls: [] });
  expect(row('fw-app to web1:80')).toMatchObject({ expected: 'no-firewall-between' });
  expect(row('fw-app to db-primary:3306')).toMatchObject({ expected: 'denied', firewalls: ['fw-data'] });
  expect(row('a stranger in web to fw-app:9100 (IPv6)')).toMatchObject({
    expected: 'denied',
    address: expect.stringMatching(/^fe80::.*%web$/) as string,
  });
  expect(rows.length).toBeGreaterThan(500);
});

test('what listens beside what the plan knows is in it too', () => {
  const more = matrixOf(plan, [{ service: 'web2', protocol: 'tcp', port: 6666 }]);
  const found = more.filter(({ service, port }) => service === 'web2' && port === 6666);
  expect(found.find(({ from }) => startName(from) === 'balancer')).toMatchObject({ expected: 'denied' });
  expect(found.find(({ from }) => startName(from) === 'web1')).toMatchObject({ expected: 'no-firewall-between' });
  expect(matrixOf(plan, [{ service: 'web2', protocol: 'tcp', port: 80 }]).length).toBe(rows.length);
});
