import { imageFile } from '../changes/image-file.ts';
import { lastServer } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const fileMissing: Fault = {
  name: 'server-file-missing',
  part: 'servers',
  title: 'A page is missing on one server',
  difficulty: 1,
  visitor: 'Every third time, the page about the site is not found.',
  felt: true,
  checks: ['servers.static-files', 'servers.files-intact'],
  alert: { name: 'FileIntegrity', withinSeconds: 60 },
  hints: [
    'It depends on which server answers.',
    'Fetch the page from each server.',
    '/static/about.html is not there on web3.',
  ],
  needs: ['web'],
  changes: (plan) => {
    const { name } = lastServer(plan);
    return [
      imageFile(name, '/srv/app/static/about.html', null),
      imageFile(name, '/srv/app/static/about.html.gz', null),
    ];
  },
};
