import { verdict } from '../../checks/check.ts';
import { freshText, posting } from '../../checks/messages.ts';
import { siteOf } from '../../checks/site.ts';
import type { Claim } from './claim.ts';

const visits = 10;

/** What visitors see while nobody takes writes. */
export const writesRefused: Claim = {
  id: 'writes.refused',
  title: 'Everybody can read, and nobody can write',
  run: async (context) => {
    const site = await siteOf(context);
    const statuses: { reading: string; writing: string }[] = [];
    for (let visit = 0; visit < visits; visit += 1) {
      const [reading, writing] = await Promise.all([
        site.tryAsk({ path: '/api/messages?limit=1' }),
        site.tryAsk(posting(freshText())),
      ]);
      statuses.push({
        reading: reading.ok ? String(reading.status) : reading.error.code,
        writing: writing.ok ? String(writing.status) : writing.error.code,
      });
    }
    const read = statuses.filter(({ reading }) => reading === '200').length;
    const refused = statuses.filter(({ writing }) => writing === '503').length;
    return {
      ...verdict(
        read === visits && refused === visits,
        `${read} of ${visits} reads answered with 200, ${refused} of ${visits} writes with 503`,
      ),
      exhibit: [
        `read   ${statuses.map(({ reading }) => reading).join(' ')}`,
        `write  ${statuses.map(({ writing }) => writing).join(' ')}`,
      ].join('\n'),
    };
  },
};
