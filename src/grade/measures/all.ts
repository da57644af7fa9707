import { end, fires, patient, quiet } from './alerts/measures.ts';
import { answers, spreads, tells } from './balancer/answers.ts';
import { survivesLostServer } from './balancer/lost-server.ts';
import { redirects } from './balancer/redirects.ts';
import { certificate, refusesOldTls } from './balancer/certificate.ts';
import type { Measure } from './measure.ts';
import { interval } from './prometheus/interval.ts';
import { labelled } from './prometheus/labelled.ts';
import { probed } from './prometheus/probed.ts';
import { alertsSent, rulesUsed } from './prometheus/rules-used.ts';
import { scraped } from './prometheus/scraped.ts';
import { pages, quick, restRuns, room, supervised } from './restore/restored.ts';
import { scriptEnds, scriptRan } from './restore/script.ts';
import { uploadsKept } from './restore/uploads.ts';
import { accepted, starts } from './starts.ts';

/** Every measure by the name that `exercise.yml` calls it. */
export const measures: Readonly<Record<string, Measure>> = {
  accepted,
  starts,
  'alert-fires': fires,
  'alerts-end': end,
  'alerts-patient': patient,
  'alerts-quiet': quiet,
  'balancer-answers': answers,
  'balancer-spreads': spreads,
  'balancer-tells': tells,
  'balancer-redirects': redirects,
  'balancer-certificate': certificate,
  'balancer-refuses-old-tls': refusesOldTls,
  'balancer-survives-lost-server': survivesLostServer,
  'prometheus-alerts-sent': alertsSent,
  'prometheus-interval': interval,
  'prometheus-labelled': labelled,
  'prometheus-probed': probed,
  'prometheus-rules-used': rulesUsed,
  'prometheus-scraped': scraped,
  'restored-pages': pages,
  'restored-quick': quick,
  'restored-room': room,
  'restored-supervised': supervised,
  'script-ends': scriptEnds,
  'script-ran': scriptRan,
  'unharmed-rest': restRuns,
  'unharmed-uploads': uploadsKept,
};
