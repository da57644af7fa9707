import type { Measure } from '../measure.ts';
import { closed, databasesClosed } from './closed.ts';
import { keepsMessages, replicates } from './messages.ts';
import { notices, survives, watchesAll } from './monitoring.ts';
import { certificate, hsts, https, redirects, runs, spreads } from './site.ts';

/** Measures of whole projects. */
export const ownMeasures: Readonly<Record<string, Measure>> = {
  'own-runs': runs,
  'own-https': https,
  'own-certificate': certificate,
  'own-redirects': redirects,
  'own-hsts': hsts,
  'own-spreads': spreads,
  'own-keeps-messages': keepsMessages,
  'own-replicates': replicates,
  'own-closed': closed,
  'own-databases-closed': databasesClosed,
  'own-watches-all': watchesAll,
  'own-survives': survives,
  'own-notices': notices,
};
