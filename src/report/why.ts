import type { Answer, Decision, Hop } from '../why/answer.ts';
import type { Colours } from './colours.ts';
import { printable } from '../printable.ts';

/** An answer of `lab why` for people: the sentence, and the path under it. */
export function whyText(answer: Answer, colours: Colours): string {
  const { from, to, reachable, state, reason, policy, route, hops, firewallBetween } = answer;
  const over = to.protocol === 'udp' ? ' over UDP' : '';
  const verdict = reachable ? colours.green('can reach') : colours.red('cannot reach');
  const lines = [
    `${colours.bold(from)} ${verdict} ${colours.bold(`${to.service}:${to.port}`)}${over} (${state})`,
    `  ${printable(reason)}`,
    `  ${colours.dim('policy')}  ${policy.flow === null ? (firewallBetween ? 'no flow allows it' : 'has no say between neighbours') : `flow ${policy.flow} allows it`}`,
    ...(route === null
      ? []
      : [
          `  ${colours.dim('route ')}  ${from} sends it by ${route.interface} ${route.via === null ? 'on the link' : `to ${route.via}`}`,
        ]),
    ...hops.flatMap((hop) => hopLines(hop, colours)),
  ];
  return `${lines.join('\n')}\n`;
}

function hopLines(hop: Hop, colours: Colours): string[] {
  const good = hop.outcome === 'forwarded' || hop.outcome === 'delivered' || hop.outcome === 'sent';
  const mark = good ? colours.green('✔') : colours.red('✘');
  const arrow = hop.direction === 'request' ? '→' : '←';
  const way = [hop.in, hop.out].filter((one) => one !== null).join(' → ');
  const rewritten = hop.rewritten === null ? '' : `, rewritten to ${hop.rewritten.to}`;
  return [
    `  ${mark} ${arrow} ${colours.bold(hop.firewall)}  ${way}  ${hop.outcome}${rewritten}`,
    ...[hop.rewritten?.by ?? null, ...hop.via, hop.decision].flatMap((one) =>
      one === null ? [] : decisionLines(one, colours),
    ),
  ];
}

function decisionLines(
  { table, chain, rule, verdict, flow, file, line, counter }: Decision,
  colours: Colours,
): string[] {
  const count = counter === null ? '' : `  ${counter.before} → ${counter.after} packets`;
  if (rule === null) return [`      ${table} ${chain}  policy ${verdict}${count}`];
  const place = file === null ? colours.yellow('put in by hand') : `${file}:${line}`;
  return [
    `      ${printable(`${table} -A ${chain} ${rule}`)}`,
    colours.dim(`        ${place}${flow === null ? '' : `  flow ${flow} of lab.yml`}${count}`),
  ];
}
