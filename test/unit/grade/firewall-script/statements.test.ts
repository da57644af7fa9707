import { expect, test } from 'vitest';
import type { Ground } from '../../../../src/grade/firewall-script/ground.ts';
import type { ScriptRun } from '../../../../src/grade/firewall-script/run-script.ts';
import {
  allowedReachable,
  inForce,
  ipv6NotMoreOpen,
  othersClosed,
  ranToItsEnd,
  udpClosed,
  type Found,
} from '../../../../src/grade/firewall-script/statements.ts';
import type { Survey } from '../../../../src/grade/firewall-script/survey.ts';

const sample = { allowed: [22, 80, 443], others: [3306, 8080], udp: [53] };
const run: ScriptRun = { ended: 'itself', exitCode: 0, output: '', rules: { v4: '', v6: '' }, neutralised: [] };

/** A server on which these ports answer, over IPv4, IPv6 and UDP. */
function found(v4: number[], v6: number[] = v4, udp: number[] = []): Found {
  const tcp = (open: number[]): Survey['v4'] =>
    new Map([...sample.allowed, ...sample.others].map((port) => [port, open.includes(port) ? 'open' : 'filtered']));
  const survey: Survey = {
    v4: tcp(v4),
    v6: tcp(v6),
    udp: new Map(sample.udp.map((port) => [port, udp.includes(port) ? 'open' : 'open|filtered'])),
  };
  return { run, sample, survey, ground: undefined as unknown as Ground };
}

test('a server where everything answers has no firewall, one where something is stopped has', () => {
  expect(inForce(found([22, 80, 443, 3306, 8080])).good).toBe(false);
  expect(inForce(found([22, 80, 443, 3306])).good).toBe(true);
});

test('what should be open and is not is named, and what should not be and is', () => {
  expect(allowedReachable(found([22, 443]), [80, 443])).toMatchObject({ good: false, observed: 'port 80: no answer' });
  expect(allowedReachable(found([80, 443]), [80, 443]).good).toBe(true);
  expect(othersClosed(found([22, 8080]))).toMatchObject({ good: false, observed: 'port 8080 can be reached' });
  expect(othersClosed(found([22])).good).toBe(true);
});

test('UDP that answers counts, silence does not', () => {
  expect(udpClosed(found([22], [22], [53])).good).toBe(false);
  expect(udpClosed(found([22])).good).toBe(true);
});

test('IPv6 may be less open than IPv4 and not more', () => {
  expect(ipv6NotMoreOpen(found([22, 80], [22])).good).toBe(true);
  expect(ipv6NotMoreOpen(found([22], [22, 3306])).good).toBe(false);
});

test('what a script wrote is shown without what a terminal would obey, its first and last lines', () => {
  const output = ['\u001b]0;owned\u0007\u001b[2J', ...Array.from({ length: 100 }, (_, n) => `line ${n}`)].join('\r\n');
  const { good, evidence } = ranToItsEnd({ ...run, ended: 'late', exitCode: null, output });
  expect(good).toBe(false);
  expect(evidence[0]).toContain('owned');
  expect(evidence.join('')).not.toMatch(/\p{Cc}/u);
  expect(evidence.at(-1)).toBe('line 99');
  expect(evidence.length).toBeLessThanOrEqual(24);
});
