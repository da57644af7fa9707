import { imageFile } from '../changes/image-file.ts';
import { lastServer } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const fileCorrupted: Fault = {
  name: 'server-file-corrupted',
  part: 'servers',
  title: 'The stylesheet of one server is damaged',
  difficulty: 2,
  visitor: 'Every third page looks wrong.',
  felt: true,
  checks: ['servers.files-intact'],
  alert: { name: 'FileIntegrity', withinSeconds: 60 },
  hints: [
    'It depends on which server answers.',
    'Fetch the same file from each server, and compare.',
    '/static/site.css of web3 is not what the image brought.',
  ],
  needs: ['web'],
  changes: (plan) => {
    const { name } = lastServer(plan);
    return [
      imageFile(name, '/srv/app/static/site.css', 'body { display: none }\n'),
      imageFile(name, '/srv/app/static/site.css.gz', null),
    ];
  },
};
