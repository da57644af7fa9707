import type { Lab } from '../../lab/schema.ts';
import { availabilityObjective, burns, latencyObjective, latencySeconds } from '../alerts/service-level.ts';
import { servicesOf } from '../context.ts';
import type { Page, Section } from './page.ts';
import { figure, graph, type Part, type Query, window } from './part.ts';
import { visits } from './selectors.ts';

type Kind = 'availability' | 'latency';

const objectives: Record<Kind, number> = { availability: availabilityObjective, latency: latencyObjective };
const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
const budget = (kind: Kind): number => Math.round((1 - objectives[kind]) * 1e6) / 1e6;

/** The longest of the recorded windows: what the budget is counted over. */
const whole = burns[burns.length - 1]?.long ?? '';

/** The service level: what was promised, what was kept, and how fast the budget for errors burns. */
export function serviceLevel(lab: Lab): Page | undefined {
  if (servicesOf(lab, 'balancer').length === 0 || servicesOf(lab, 'web').length === 0) return undefined;
  return {
    uid: 'lab-service-level',
    title: 'Service level',
    question: 'Is the promise to visitors kept, and for how long will it be?',
    look: `Promised: ${percent(availabilityObjective)} of the requests are answered without an error, ${percent(latencyObjective)} within ${latencySeconds} s. A burn rate of 1 uses up exactly what may go wrong; above the line that an alert names, somebody is called.`,
    sections: [
      {
        title: 'Kept',
        lines: [
          [
            ...kept('availability', 'Answered without an error'),
            ...kept('latency', `Answered within ${latencySeconds} s`),
          ],
        ],
      },
      burning('availability', 'Availability'),
      burning('latency', 'Latency'),
      {
        title: 'What visitors saw',
        lines: [
          [
            graph(
              { title: 'Errors and answers', about: 'At the balancer.', unit: 'reqps' },
              [
                [`sum(rate(haproxy_frontend_http_responses_total{code!="5xx",proxy="https"}[${window}]))`, 'answered'],
                [`sum(rate(haproxy_frontend_http_responses_total{code="5xx",proxy="https"}[${window}]))`, 'errors'],
              ],
              { stacked: true },
            ),
            graph(
              {
                title: 'Time to answer',
                about: `In the application, all servers. The objective is about ${latencySeconds} s.`,
                unit: 's',
              },
              [0.5, 0.95, 0.99].map((share): Query => [
                `histogram_quantile(${share}, sum by (le) (rate(http_request_duration_seconds_bucket{${visits}}[${window}])))`,
                `p${share * 100}`,
              ]),
              { limit: latencySeconds },
            ),
          ],
        ],
      },
    ],
  };
}

const errors = (kind: Kind, over: string): string => `slo:${kind}_errors:ratio_rate${over}`;

function kept(kind: Kind, title: string): Part[] {
  const objective = objectives[kind];
  return [
    figure(
      {
        title,
        about: `Share of the requests of the last ${whole}. Objective: ${percent(objective)}.`,
        unit: 'percentunit',
      },
      [[`1 - ${errors(kind, whole)}`, `objective ${percent(objective)}`]],
      ['red', [objective, 'green']],
    ),
    figure(
      {
        title: `Budget left: ${kind}`,
        about: `Of what may go wrong in ${whole}: 100 % when nothing has, below 0 when the promise is broken.`,
        unit: 'percentunit',
      },
      [[`1 - ${errors(kind, whole)} / ${budget(kind)}`, 'left']],
      ['red', [0, 'orange'], [0.5, 'green']],
    ),
  ];
}

/** An alert needs both of its windows above its factor: a graph for each alert, with that factor as its line. */
function burning(kind: Kind, title: string): Section {
  return {
    title: `${title}: how fast the budget burns`,
    lines: [
      burns.map(({ long, short, factor, severity }) =>
        graph(
          {
            title: `${title}, over ${long} and ${short}`,
            about: `Both above ${factor}: Slo${title}Burn, ${severity}.`,
          },
          [long, short].map((over): Query => [`${errors(kind, over)} / ${budget(kind)}`, `over ${over}`]),
          { limit: factor },
        ),
      ),
    ],
  };
}
