import { answers, spreads, tells } from './balancer/answers.ts';
import { survivesLostServer } from './balancer/lost-server.ts';
import { redirects } from './balancer/redirects.ts';
import { certificate, refusesOldTls } from './balancer/certificate.ts';
import type { Measure } from './measure.ts';
import { ownMeasures } from './own/all.ts';
import { serverFirewall } from './server-firewall/script.ts';
import { accepted, starts } from './starts.ts';

/** Every measure by the name that `exercise.yml` calls it. */
export const measures: Readonly<Record<string, Measure>> = {
  accepted,
  starts,
  'balancer-answers': answers,
  'balancer-spreads': spreads,
  'balancer-tells': tells,
  'balancer-redirects': redirects,
  'balancer-certificate': certificate,
  'balancer-refuses-old-tls': refusesOldTls,
  'balancer-survives-lost-server': survivesLostServer,
  ...ownMeasures,
  ...serverFirewall,
};
