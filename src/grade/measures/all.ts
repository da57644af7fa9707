import { end, fires, patient, quiet } from './alerts/measures.ts';
import { answers, spreads, tells } from './balancer/answers.ts';
import { dropsForged } from './balancer/forged.ts';
import { hsts } from './balancer/hsts.ts';
import { survivesLostServer } from './balancer/lost-server.ts';
import { redirects } from './balancer/redirects.ts';
import { certificate, opensTls, refusesOldTls } from './balancer/certificate.ts';
import { hidesStatistics, offersStatistics } from './balancer/statistics.ts';
import { avoids, boundsWaiting, losesNone, usesAgain } from './balancer/troubled-server.ts';
import { accountCannot, accountDoes, accountStaysOut, onlyAccounts } from './database/accounts.ts';
import { logs } from './database/binary-log.ts';
import { follows } from './database/follows.ts';
import { setsOption, setsServerId, takesOptions } from './database/options.ts';
import { reachable } from './database/reachable.ts';
import { runsScript } from './database/script.ts';
import { passes, stops } from './firewalls/conversations.ts';
import { stopsSpoofed } from './firewalls/spoofed.ts';
import { stopsStrays } from './firewalls/strays.ts';
import { limitsVisitor, sparesOthers } from './firewalls/visitor-limit.ts';
import type { Measure } from './measure.ts';
import { ownMeasures } from './own/all.ts';
import { serverFirewall } from './server-firewall/script.ts';
import { answers as webAnswers } from './web/answers.ts';
import { client } from './web/client.ts';
import { carefulHeaders, hides, hidesVersion, keepsSource, limitsBody, servesStatic } from './web/served.ts';
import { interval } from './prometheus/interval.ts';
import { labelled } from './prometheus/labelled.ts';
import { probed } from './prometheus/probed.ts';
import { alertsSent, rulesUsed } from './prometheus/rules-used.ts';
import { scraped } from './prometheus/scraped.ts';
import { notRestarted } from './restore/not-restarted.ts';
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
  'balancer-avoids': avoids,
  'balancer-bounds-waiting': boundsWaiting,
  'balancer-loses-none': losesNone,
  'balancer-uses-again': usesAgain,
  'balancer-offers-statistics': offersStatistics,
  'balancer-hides-statistics': hidesStatistics,
  'balancer-drops-forged': dropsForged,
  'balancer-hsts': hsts,
  'balancer-opens-tls': opensTls,
  'balancer-certificate': certificate,
  'balancer-refuses-old-tls': refusesOldTls,
  'balancer-survives-lost-server': survivesLostServer,
  'mysql-account-cannot': accountCannot,
  'mysql-account-does': accountDoes,
  'mysql-account-stays-out': accountStaysOut,
  'mysql-follows': follows,
  'mysql-logs': logs,
  'mysql-only-accounts': onlyAccounts,
  'mysql-reachable': reachable,
  'mysql-runs-script': runsScript,
  'mysql-sets-option': setsOption,
  'mysql-sets-server-id': setsServerId,
  'mysql-takes-options': takesOptions,
  'firewall-passes': passes,
  'firewall-stops': stops,
  'firewall-stops-spoofed': stopsSpoofed,
  'firewall-stops-strays': stopsStrays,
  'firewall-limits-visitor': limitsVisitor,
  'firewall-spares-others': sparesOthers,
  ...ownMeasures,
  ...serverFirewall,
  'web-answers': webAnswers,
  'web-client': client,
  'web-static': servesStatic,
  'web-headers': carefulHeaders,
  'web-hides': hides,
  'web-hides-version': hidesVersion,
  'web-keeps-source': keepsSource,
  'web-limits-body': limitsBody,
  'prometheus-alerts-sent': alertsSent,
  'prometheus-interval': interval,
  'prometheus-labelled': labelled,
  'prometheus-probed': probed,
  'prometheus-rules-used': rulesUsed,
  'prometheus-scraped': scraped,
  'restored-not-restarted': notRestarted,
  'restored-pages': pages,
  'restored-quick': quick,
  'restored-room': room,
  'restored-supervised': supervised,
  'script-ends': scriptEnds,
  'script-ran': scriptRan,
  'unharmed-rest': restRuns,
  'unharmed-uploads': uploadsKept,
};
