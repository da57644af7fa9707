import type { PlanContext, ServiceParts } from '../context.ts';
import { imageOf, scratch } from '../context.ts';
import { planDatabase } from './database.ts';
import { planWeb } from './web.ts';

/** One server with everything on it. Its processes are all of one user, MySQL's. */
export function planServer(context: PlanContext, name: string): ServiceParts {
  const image = imageOf(context.settings, 'server');
  const within = { ...context, settings: { ...context.settings, images: { web: image, database: image } } };
  const [web, database] = [planWeb(within, name), planDatabase(within, name)];
  const { uid } = database;
  const scrapes = [...(web.scrapes ?? []), ...(database.scrapes ?? [])];
  return {
    image,
    uid,
    compose: { ...database.compose, tmpfs: scratch(uid), mem_limit: '704m', memswap_limit: '704m' },
    files: [...(web.files ?? []), ...(database.files ?? [])],
    // Both bring the client for the machine itself.
    scrapes: [...new Map(scrapes.map((scrape) => [scrape.port, scrape])).values()],
    secrets: [...(web.secrets ?? []), ...(database.secrets ?? [])],
    certificates: database.certificates ?? [],
    volumes: database.volumes ?? [],
  };
}
