import { answers, spreads, tells } from './balancer/answers.ts';
import { survivesLostServer } from './balancer/lost-server.ts';
import { redirects } from './balancer/redirects.ts';
import { certificate, refusesOldTls } from './balancer/certificate.ts';
import { accountCannot, accountDoes, accountStaysOut, onlyAccounts } from './database/accounts.ts';
import { logs } from './database/binary-log.ts';
import { follows } from './database/follows.ts';
import { setsOption, setsServerId, takesOptions } from './database/options.ts';
import { reachable } from './database/reachable.ts';
import { runsScript } from './database/script.ts';
import type { Measure } from './measure.ts';
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
  ...serverFirewall,
};
