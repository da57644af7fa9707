import type { Breaker, LabUnderTest } from './types.ts';
import { database, lastServer, named, runChanged, runUnchanged, type Configured } from './inside.ts';

const nginx = (lab: LabUnderTest): Configured => ({ service: lastServer(lab), process: 'nginx', file: 'nginx.conf' });

/** Nginx of one server with one thing changed in its configuration. */
const changed = (check: string, edit: string): Breaker => ({
  check,
  breakIt: (lab) => runChanged(lab, nginx(lab), edit),
  mend: (lab) => runUnchanged(lab, nginx(lab)),
});

/** Every server: reads are counted over all of them. */
const applications = (lab: LabUnderTest): Configured[] =>
  named(lab, 'web').map((service) => ({ service, process: 'app', file: 'app.json' }));

export const serverBreakers: Breaker[] = [
  changed('servers.page-names-server', 's/add_header X-Served-By .*/add_header X-Served-By server always;/'),
  {
    check: 'servers.reads-from-replica',
    breakIt: async (lab) => {
      const edit = `s/${database(lab, 'replica')}/${database(lab, 'primary')}/g`;
      await Promise.all(applications(lab).map((one) => runChanged(lab, one, edit)));
    },
    mend: async (lab) => void (await Promise.all(applications(lab).map((one) => runUnchanged(lab, one)))),
  },
  {
    check: 'servers.refuses-bad-input',
    breakIt: async (lab) => {
      const edit = 's#location = /robots.txt \\{#location = /api/messages { return 500; }\\n&#';
      await Promise.all(named(lab, 'web').map((service) => runChanged(lab, { ...nginx(lab), service }, edit)));
    },
    mend: async (lab) =>
      void (await Promise.all(named(lab, 'web').map((service) => runUnchanged(lab, { ...nginx(lab), service })))),
  },
  {
    check: 'servers.hides-internals',
    breakIt: async (lab) =>
      void (await Promise.all(
        named(lab, 'web').map((service) =>
          runChanged(lab, { ...nginx(lab), service }, 's/server_tokens off/server_tokens on/'),
        ),
      )),
    mend: async (lab) =>
      void (await Promise.all(named(lab, 'web').map((service) => runUnchanged(lab, { ...nginx(lab), service })))),
  },
  changed('servers.disbelieves-neighbours', 's#set_real_ip_from .*#set_real_ip_from 0.0.0.0/0;#'),
];
