import type { Lab } from '../../lab/schema.ts';
import { servicesOf } from '../context.ts';
import type { Page } from './page.ts';
import { figure, graph, state, window } from './part.ts';

const site = 'proxy="https"';
const servers = 'proxy="servers"';

/** The load balancer: what visitors get, and how it spreads them. */
export function balancer(lab: Lab): Page | undefined {
  if (servicesOf(lab, 'balancer').length === 0) return undefined;
  const probed = servicesOf(lab, 'prober').length > 0;
  const shared = Object.keys(lab.sharedAddresses).length > 0;
  return {
    uid: 'lab-balancer',
    title: 'Balancer',
    question: 'Are visitors spread evenly, and does the balancer keep up?',
    look: 'Every server gets the same share; when one goes, the others take its part and no visitor notices. 4xx are the visitors’ mistakes, 5xx are ours. A queue means that the servers, not the balancer, are the limit.',
    sections: [
      {
        title: 'Now',
        lines: [
          [
            state(
              { title: 'Servers', about: 'Whether each passes the balancer’s health checks.' },
              [[`max by (server) (haproxy_server_status{${servers},state="UP"})`, '{{server}}']],
              ['up', 'out'],
            ),
            figure(
              {
                title: 'Connections in use',
                about: 'Of maxconn. Beyond it new visitors wait without an answer.',
                unit: 'percentunit',
              },
              [['haproxy_process_current_connections / haproxy_process_max_connections', '{{instance}}']],
              ['green', [0.5, 'orange'], [0.8, 'red']],
            ),
            figure(
              { title: 'Waiting for a server', about: 'Requests in the queue.' },
              [[`haproxy_backend_current_queue{${servers}}`, '{{instance}}']],
              ['green', [1, 'red']],
            ),
            ...(shared
              ? [
                  figure(
                    { title: 'Holders of the shared address', about: 'One, or visitors find nobody, or two by turns.' },
                    [['sum(shared_address_held)', 'holding it']],
                    ['red', [1, 'green'], [2, 'red']],
                  ),
                  state(
                    { title: 'Balancers', about: 'Whether each could hold the shared address.' },
                    [['shared_address_ready', '{{instance}}']],
                    ['ready', 'not ready'],
                  ),
                ]
              : []),
            ...(probed
              ? [
                  figure(
                    {
                      title: 'Certificate',
                      about: 'Time until it ends. `lab up` renews one that ends within a week.',
                      unit: 's',
                    },
                    [['probe_ssl_earliest_cert_expiry{instance="unverified",job="site"} - time()', 'ends in']],
                    ['red', [7 * 86_400, 'orange'], [14 * 86_400, 'green']],
                  ),
                ]
              : []),
          ],
        ],
      },
      {
        title: 'Visitors',
        lines: [
          [
            graph(
              { title: 'Answers, by class', about: 'As visitors got them over HTTPS.', unit: 'reqps' },
              [[`sum by (code) (rate(haproxy_frontend_http_responses_total{${site}}[${window}]))`, '{{code}}']],
              { stacked: true },
            ),
            graph({ title: 'Visitors at once', about: 'Open sessions over HTTPS and HTTP.' }, [
              ['haproxy_frontend_current_sessions{proxy=~"https?"}', '{{proxy}}'],
            ]),
          ],
          [
            graph(
              {
                title: 'New TLS connections',
                about: 'Each full handshake costs a signature; sessions that are taken up again do not.',
                unit: 'cps',
              },
              [[`rate(haproxy_process_ssl_connections_total[${window}])`, '{{instance}}']],
            ),
            graph(
              {
                title: 'Handshakes below TLS 1.2',
                about: 'Refused, as they should be, or accepted. The outside probe’s own attempts are left out.',
                unit: 'none',
              },
              [[`sum by (result) (increase(tls_old_handshakes_total[${window}]))`, '{{result}}']],
            ),
            graph({ title: 'Bytes', about: 'From and to visitors.', unit: 'Bps' }, [
              [`sum(rate(haproxy_frontend_bytes_in_total{${site}}[${window}]))`, 'in'],
              [`sum(rate(haproxy_frontend_bytes_out_total{${site}}[${window}]))`, 'out'],
            ]),
          ],
        ],
      },
      {
        title: 'Servers, as the balancer sees them',
        lines: [
          [
            graph(
              { title: 'Requests, by server', about: 'As they were passed on.', unit: 'reqps' },
              [[`sum by (server) (rate(haproxy_server_http_responses_total{${servers}}[${window}]))`, '{{server}}']],
              { stacked: true },
            ),
            graph({ title: 'Time to answer, by server', about: 'Average of the last 1024 requests.', unit: 's' }, [
              [`haproxy_server_response_time_average_seconds{${servers}}`, '{{server}}'],
            ]),
          ],
          [
            graph({ title: 'Health checks', about: 'How long each takes.', unit: 's' }, [
              [`haproxy_server_check_duration_seconds{${servers}}`, '{{server}}'],
            ]),
            graph(
              {
                title: 'Second tries',
                about: 'Requests that a server did not take, tried again or given to another: visitors notice nothing.',
                unit: 'reqps',
              },
              [
                [
                  `sum by (server) (rate(haproxy_server_retry_warnings_total{${servers}}[${window}]))`,
                  '{{server}} tried again',
                ],
                [
                  `sum by (server) (rate(haproxy_server_redispatch_warnings_total{${servers}}[${window}]))`,
                  '{{server}} given to another',
                ],
              ],
            ),
            graph(
              {
                title: 'Failures, by server',
                about: 'Connections that could not be opened, and answers that broke off.',
                unit: 'reqps',
              },
              [
                [
                  `sum by (server) (rate(haproxy_server_connection_errors_total{${servers}}[${window}]))`,
                  '{{server}} no connection',
                ],
                [
                  `sum by (server) (rate(haproxy_server_response_errors_total{${servers}}[${window}]))`,
                  '{{server}} broken answer',
                ],
              ],
            ),
          ],
        ],
      },
    ],
  };
}
