import { expect, it } from 'vitest';
import { offlineSettings } from '../../../src/life/offline-settings.ts';
import { referenceLab } from '../plan/settings.ts';

it('settings without an engine are the lab’s own, and what was asked for', () => {
  expect(offlineSettings(referenceLab, { project: 'p', ports: {} }, { web: 'w' })).toEqual({
    project: 'p',
    block: '10.77.0.0/24',
    ports: { https: 8443, http: 8080, prometheus: 9090, alertmanager: 9093, grafana: 3000, inbox: 8025 },
    certificates: 'lab-ca',
    seed: 0,
    grafana: true,
    images: { web: 'w' },
  });
  const asked = offlineSettings(
    referenceLab,
    { project: 'p', ports: { https: 443 }, seed: 3, certificates: 'self-signed' },
    {},
  );
  expect(asked).toMatchObject({
    block: '10.77.21.0/24',
    ports: { https: 443, http: 8080 },
    certificates: 'self-signed',
    seed: 3,
  });
});
