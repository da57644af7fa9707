import { readFileSync } from 'node:fs';
import { readLab } from '../../../src/lab/load.ts';
import type { Settings } from '../../../src/plan/types.ts';

export const referenceLab = readLab(readFileSync('labs/secured-monitored/lab.yml', 'utf8'), 'lab.yml');

const parts = [
  'firewall',
  'balancer',
  'web',
  'web-apache-php',
  'web-caddy-python',
  'server',
  'database',
  'prometheus',
  'alertmanager',
  'inbox',
  'prober',
];

/** Settings as a machine without anything else on it would have them. */
export function settingsWith(changes: Partial<Settings> = {}): Settings {
  return {
    project: 'demo',
    block: '10.77.0.0/24',
    ports: {},
    certificates: 'lab-ca',
    seed: 0,
    grafana: true,
    images: Object.fromEntries(parts.map((part) => [part, `lab/${part}:test`])),
    ...changes,
  };
}
