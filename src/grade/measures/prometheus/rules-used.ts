import * as z from 'zod';
import { defineMeasure } from '../measure.ts';
import { askApi } from './ask.ts';

interface Groups {
  groups: { file: string; rules: { name: string; type: string }[] }[];
}

/** The rules that the lab gives are in use: its files, and in them each alert that is named. */
export const rulesUsed = defineMeasure({
  options: z.strictObject({ alerts: z.array(z.string()).min(1) }),
  run: async (context, { alerts }) => {
    const { groups } = await askApi<Groups>(context, 'rules');
    const loaded = new Set(groups.flatMap(({ rules }) => rules.map(({ name }) => name)));
    const missing = alerts.filter((alert) => !loaded.has(alert));
    return {
      good: missing.length === 0,
      observed: missing.length === 0 ? `${loaded.size} rules` : `no rule ${missing.join(', ')}`,
      evidence: groups.map(({ file, rules }) => `${file}: ${rules.map(({ name }) => name).join(', ')}`),
    };
  },
});

/** Alerts are sent to an Alertmanager. */
export const alertsSent = defineMeasure({
  options: z.strictObject({ service: z.string(), port: z.int() }),
  run: async (context, { service, port }) => {
    const { activeAlertmanagers } = await askApi<{ activeAlertmanagers: { url: string }[] }>(context, 'alertmanagers');
    const urls = activeAlertmanagers.map(({ url }) => url);
    const hosts = urls.filter((url) => URL.canParse(url)).map((url) => new URL(url).host);
    return {
      good: hosts.includes(`${service}:${port}`),
      observed: urls.length === 0 ? 'alerts are sent to nobody' : `alerts are sent to ${urls.join(', ')}`,
    };
  },
});
