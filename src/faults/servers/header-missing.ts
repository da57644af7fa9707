import { stackOf } from '../../plan/stacks.ts';
import { configuration } from '../changes/configuration.ts';
import { lastServer } from '../cast.ts';
import { without } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const headerMissing: Fault = {
  name: 'server-header-missing',
  part: 'servers',
  title: 'One server no longer sends a security header',
  difficulty: 2,
  visitor: 'Nothing.',
  felt: false,
  checks: ['servers.security-headers', 'hardening.configuration-intact'],
  alert: { name: 'FileIntegrity', withinSeconds: 60 },
  hints: [
    'The pages look the same. Do they come with the same headers?',
    'Compare the headers of each server.',
    'X-Frame-Options is missing in the configuration of the web server on web3.',
  ],
  needs: ['web'],
  changes: (plan) => {
    const { name } = lastServer(plan);
    const { file, process } = stackOf(plan.lab, name);
    return [configuration(name, file, without(/X-Frame-Options/), { process })];
  },
};
