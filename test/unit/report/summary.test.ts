import { describe, expect, it } from 'vitest';
import { plannedLab } from '../../../src/cli/planned-lab.ts';
import { lockOf } from '../../../src/project/lock.ts';
import { folderAt } from '../../../src/project/folder.ts';
import { noColours } from '../../../src/report/colours.ts';
import { statusText } from '../../../src/report/status.ts';
import { upSummary } from '../../../src/report/summary.ts';

const plan = await plannedLab('secured-monitored');
const services = plan.services.map(({ name, zone, address, image }) => ({
  name,
  zone,
  address,
  image,
  state: 'running',
  health: 'healthy',
}));
const status = {
  lab: plan.lab.name,
  project: plan.lab.name,
  state: 'up' as const,
  services,
  endpoints: plan.endpoints.map(({ name, url }) => ({ name, url })),
};
const project = { name: plan.lab.name, folder: folderAt('/home/.lab/secured-monitored'), lock: lockOf(plan, []), plan };
const result = { project, changed: true, status, notes: [], durationMs: 12_000 };
const place = { folder: '/home', command: './lab' };

describe('the summary of lab up', () => {
  it('has a curl command that can be copied, the operators’ pages and what to do next', () => {
    const text = upSummary(result, noColours, place);
    expect(text).toContain(
      'curl --cacert .lab/secured-monitored/pki/ca.pem --resolve www.foobar.com:8443:127.0.0.1 https://www.foobar.com:8443/\n',
    );
    expect(text).toContain('127.0.0.1 www.foobar.com');
    for (const { url, port } of plan.endpoints.filter((endpoint) => endpoint.port > 1024))
      expect([port, text.includes(url)]).toEqual([port, true]);
    expect(text).toContain('./lab verify\n');
  });

  it('says when nothing changed', () => {
    expect(upSummary({ ...result, changed: false }, noColours, place)).toMatch(/nothing to change/i);
  });

  it('names the project in the commands where it must', () => {
    const text = upSummary({ ...result, project: { ...project, name: 'two' } }, noColours, place);
    expect(text).toContain('./lab down --project two\n');
  });

  it('quotes a path that a shell would split', () => {
    const folder = folderAt('/my labs/x');
    expect(upSummary({ ...result, project: { ...project, folder } }, noColours, place)).toContain(
      `--cacert '/my labs/x/pki/ca.pem'`,
    );
  });

  it('counts the checks and names those that failed', () => {
    const check = {
      id: 'tls.chain',
      title: 'T',
      requirement: 'tls' as const,
      status: 'failed' as const,
      points: 1,
      expected: 'e',
      observed: 'expired\nmore',
      reproduce: 'r',
      hint: 'h',
      blockedBy: null,
      durationMs: 1,
    };
    const summary = { passed: 3, failed: 1, skipped: 0, points: 3, of: 4, durationMs: 2500 };
    const text = upSummary(
      { ...result, verification: { lab: 'l', project: 'p', summary, absent: ['monitoring'], checks: [check] } },
      noColours,
      place,
    );
    expect(text).toContain('3/4 passed in 2.5 s');
    expect(text).toContain('tls.chain: expired\n');
  });
});

describe('the status', () => {
  it('has a line for each service, in its zone, and every endpoint', () => {
    const lines = statusText(status, noColours).split('\n');
    for (const { name, zone, address } of services) {
      expect(
        lines.filter((line) => new RegExp(`^${name}\\s+${zone}\\s+${address}\\s+running\\s+healthy`).test(line)),
      ).toHaveLength(1);
    }
    for (const { url } of status.endpoints) expect(lines.some((line) => line.endsWith(url))).toBe(true);
  });

  it('tells how to mend what is not up', () => {
    expect(statusText({ ...status, state: 'down' }, noColours)).toContain('lab up');
  });
});
