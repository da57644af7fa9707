import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/plan/plan.ts';
import { renderTemplate } from '../../../src/project/render.ts';
import { referenceLab, settingsWith } from './settings.ts';

/** What HAProxy is told: `location https://%[…]:PORT%[pathq] if { req.hdr(host),port_only PORT } { src ADDRESS }`. */
const redirect =
  /redirect code 301 location https:\/\/%\[[^\]]*\](?::(?<to>\d+))?%\[pathq\](?: if \{ \S+,port_only (?<named>\d+) \}(?: \{ src (?<source>\S+) \})?)?$/gm;

/** The port that a visitor's browser is sent to; one that it does not name in `Host` is 0 there, as for `port_only`. */
function sentTo(ports: Record<string, number>, named: number, source: string): number {
  const plan = makePlan(referenceLab, settingsWith({ ports }));
  const file = plan.files.find(({ path }) => path.endsWith('haproxy.cfg'));
  const config = renderTemplate(file?.template ?? '', file?.data ?? {});
  const rule = [...config.matchAll(redirect)].find(
    ({ groups = {} }) => Number(groups['named'] ?? named) === named && (groups['source'] ?? source) === source,
  );
  if (rule === undefined) throw new Error('nobody is sent on');
  return Number(rule.groups?.['to'] ?? 443);
}

const host = '10.77.0.1';
const stranger = '10.77.0.20';

describe('a visitor over HTTP is sent to where HTTPS is for him', () => {
  it.each([
    ['the usual ports', { http: 8080, https: 8443 }, 8080, 8443],
    ['HTTP at its own port', { http: 80, https: 8443 }, 0, 8443],
    ['HTTP at its own port, named', { http: 80, https: 8443 }, 80, 8443],
    ['HTTPS at its own port', { http: 8080, https: 443 }, 8080, 443],
    ['both at their own', { http: 80, https: 443 }, 0, 443],
  ])('through %s', (_, ports, named, wanted) => {
    expect(sentTo(ports, named, host)).toBe(wanted);
  });

  it.each([
    { http: 8080, https: 8443 },
    { http: 80, https: 8443 },
  ])('inside the lab, with %j on the host', (ports) => {
    expect(sentTo(ports, 0, stranger)).toBe(443);
  });
});
