import type { Lab } from '../../lab/schema.ts';
import { makePlan } from '../../plan/plan.ts';
import { health } from '../../plan/context.ts';
import type { Plan, ServicePlan, Settings } from '../../plan/types.ts';
import { most } from '../compose/limits.ts';
import type { LoadedExercise } from '../exercise/load.ts';

/** The grader's own servers listen where the lab's do. */
const originPort = 80;
export const originUid = 10090;

/**
 * What runs with a submission's files has the processor after what measures it, and a file of its own stays small: its log, its
 * tables, whatever it is told to write.
 */
const boundsOfTheirs = { cpus: 1, cpu_shares: 128, ulimits: { fsize: most.fileBytes } };

/**
 * A firewall decides by its rules alone, on every machine: a kernel that looks at sources by itself (rp_filter, which a container
 * inherits from the host) would do a submission's work. Without IPv6 the link-local addresses of the host's bridges are out of reach.
 */
const boundsOfFirewalls = {
  sysctls: {
    'net.ipv4.conf.all.rp_filter': '0',
    'net.ipv4.conf.default.rp_filter': '0',
    'net.ipv6.conf.all.disable_ipv6': '1',
    'net.ipv6.conf.default.disable_ipv6': '1',
  },
};

/**
 * The lab of an exercise: the whole plan, of which the stage starts only some services, so that addresses, names and the
 * firewalls' rules are those of the lab. Nothing is published on the host, and the host has an address in no zone.
 */
export function stagePlan(lab: Lab, exercise: LoadedExercise, settings: Settings, domain: string): Plan {
  const bare = domain.replace(/^www\./, '');
  const site = domain === lab.site.domain ? lab.site : { domain, aliases: bare === domain ? [] : [bare] };
  const plan = makePlan(
    { ...lab, site, endpoints: {}, services: { ...lab.services, ...added(lab, exercise) } },
    settings,
  );
  const { origins } = exercise.stage;
  const theirs = exercise.stage.theirs.map(({ service }) => service);
  const services = plan.services.map((service) => {
    const known = origins.includes(service.name) ? origin(service, settings) : service;
    const bounds = theirs.includes(service.name) ? boundsOfTheirs : {};
    const sealed = service.kind === 'firewall' ? boundsOfFirewalls : {};
    return { ...known, compose: { ...known.compose, ...bounds, ...sealed, restart: 'no' } };
  });
  const kept = plan.files.filter(({ path }) => !origins.some((name) => path.startsWith(`${name}/`)));
  const zones = plan.zones.map((zone) => ({ ...zone, sealed: true as const }));
  return { ...plan, zones, services, files: [...kept, ...services.filter(isOrigin).flatMap(({ files }) => files)] };

  function isOrigin({ name }: ServicePlan): boolean {
    return origins.includes(name);
  }
}

/** They come after the lab's own, whose addresses and places stay as they are. */
function added(lab: Lab, { stage }: LoadedExercise): Lab['services'] {
  return Object.fromEntries(
    Object.entries(stage.adds).flatMap(([name, like]) => {
      const service = lab.services[like];
      return service === undefined ? [] : [[name, service]];
    }),
  );
}

/** What the checks are told: only the services that run. */
export function playedPlan(plan: Plan, { bare, services }: { bare: boolean; services: readonly string[] }): Plan {
  if (services.length === 0 && !bare) return plan;
  const kept = plan.services.filter(({ name }) => services.includes(name));
  return { ...plan, services: kept, policy: plan.policy.filter(({ to }) => services.includes(to.service)) };
}

function origin(service: ServicePlan, settings: Settings): ServicePlan {
  const path = `${service.name}/origin.json`;
  return {
    ...service,
    image: settings.images['origin'] ?? '',
    uid: originUid,
    compose: {
      healthcheck: { ...health, test: ['CMD', 'http-ok', String(originPort), '/'] },
      mem_limit: '96m',
      memswap_limit: '96m',
    },
    // The secret comes with the stage: a plan holds none.
    files: [{ path, template: 'json.hbs', data: { value: {} } }],
    scrapes: [],
  };
}
