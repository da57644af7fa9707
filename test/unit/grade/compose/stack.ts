import { stringify } from 'yaml';
import { planOwnProject } from '../../../../src/grade/compose/plan.ts';
import { studentParts } from '../../../../src/grade/compose/limits.ts';
import type { Submission } from '../../../../src/grade/submission.ts';

export const settings = {
  images: Object.fromEntries(studentParts.map((part) => [part, `lab/${part}:0123456789ab`])),
  block: '10.90.5.0/24',
  project: 'grade-1',
};

export const rolesText = `
firewalls: { fw-edge: door }
balancer: lb
web: [one, two]
db-primary: db
zones: { edge: outside, dmz: middle }
`;

const net = (third: number): object => ({
  ipam: { config: [{ subnet: `10.77.0.${third}/27`, gateway: `10.77.0.${third + 1}` }] },
});

/** A small project that is taken as it is. */
export function small(): Record<string, Record<string, Record<string, unknown>>> {
  return {
    services: {
      door: {
        image: 'lab/firewall',
        user: '0:0',
        cap_add: ['NET_ADMIN'],
        sysctls: { 'net.ipv4.ip_forward': 1 },
        networks: { outside: { ipv4_address: '10.77.0.2', priority: 1000 }, middle: { ipv4_address: '10.77.0.66' } },
        volumes: ['./config/door:/etc/lab:ro'],
        tmpfs: ['/run:uid=0,gid=0,mode=0755,size=16m,exec'],
      },
      lb: {
        image: 'lab/balancer',
        networks: { middle: { ipv4_address: '10.77.0.68' } },
        volumes: ['./config/lb:/etc/lab:ro'],
        secrets: ['site.pem'],
        extra_hosts: ['one:10.77.0.70'],
      },
      one: { image: 'lab/web', networks: ['middle'] },
      two: { image: 'lab/web', networks: ['middle'] },
      db: { image: 'lab/database', networks: ['middle'], volumes: ['db:/var/lib/mysql'] },
    },
    networks: { outside: net(0) as never, middle: net(64) as never },
    volumes: { db: {} },
    secrets: { 'site.pem': { file: './secrets/site.pem' } },
  };
}

export const files: Readonly<Record<string, string>> = {
  'config/door/rules.v4': '-A FORWARD -d 10.77.0.68 -j ACCEPT\n-A FORWARD -s 8.10.77.0 -j DROP\n',
  'config/lb/haproxy.cfg': 'server one 10.77.0.70:80\n',
  'secrets/site.pem': 'not a key\n',
  'variables.env': 'COLOUR=blue\n',
};

export function submission(compose: object | string, roles = rolesText, more: Record<string, string> = {}): Submission {
  const text = typeof compose === 'string' ? compose : stringify(compose);
  return {
    name: 'somebody',
    files: new Map(Object.entries({ ...files, 'compose.yml': text, 'lab-roles.yml': roles, ...more })),
    notes: [],
  };
}

/** What becomes of a project: the codes of its refusals, or its Compose text. */
export function planned(
  compose: object | string,
  roles = rolesText,
  more: Record<string, string> = {},
): ReturnType<typeof planOwnProject> {
  return planOwnProject(submission(compose, roles, more), settings);
}
