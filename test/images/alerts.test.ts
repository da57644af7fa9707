import type { StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ruleGroups } from '../../src/plan/alerts/all.ts';
import { isAlert, type RuleGroup } from '../../src/plan/alerts/rule.ts';
import { labNames, loadLab } from '../../src/life/labs.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { renderTemplate } from '../../src/project/render.ts';
import { imageFor } from '../support/images.ts';
import { planOf } from '../unit/project/a-project.ts';
import { alertCases, type AlertCase } from './alert-cases.ts';
import { Hardened, scratch } from './hardened.ts';

const plan = planOf();
const emitted = plan.files.filter(({ path }) => path.startsWith('prometheus/'));
const others = (await labNames()).filter((name) => name !== plan.lab.name);
const plans = [plan, ...(await Promise.all(others.map(async (name) => makePlan(await loadLab(name), plan.settings))))];

/** A file of rules, once for all labs that have the same. */
interface RuleFile {
  /** Without `.yml`. The reference lab's are called after their groups. */
  name: string;
  group: RuleGroup;
  lab: string;
  text: string;
}

const ruleFiles = plans
  .flatMap(({ lab, services, files }) =>
    ruleGroups({ lab, scrapes: services.flatMap((service) => service.scrapes) }).flatMap((group): RuleFile[] => {
      const file = files.find(({ path }) => path === `prometheus/rules/${group.name}.yml`);
      if (file === undefined) return [];
      const name = lab.name === plan.lab.name ? group.name : `${group.name}-of-${lab.name}`;
      return [{ name, group, lab: lab.name, text: renderTemplate(file.template, file.data) }];
    }),
  )
  .filter(({ text }, index, all) => all.findIndex((one) => one.text === text) === index);
const alerts = ruleFiles.flatMap(({ group }) => group.rules.filter(isAlert));

let remove: () => Promise<void>;
let prometheus: StartedTestContainer;

beforeAll(async () => {
  const { folder, remove: removeFolder } = await scratch();
  remove = removeFolder;
  const at = (prefix: string): Record<string, string> =>
    Object.fromEntries(
      emitted
        .filter(({ path }) => path.startsWith(prefix) && !path.slice(prefix.length).includes('/'))
        .map(({ path, template, data }) => [path.slice(prefix.length), renderTemplate(template, data)]),
    );
  prometheus = await new Hardened(await imageFor('prometheus'), 10040, folder)
    .withFiles('/etc/lab', at('prometheus/'))
    .withFiles('/etc/lab-rules', Object.fromEntries(ruleFiles.map(({ name, text }) => [`${name}.yml`, text])))
    .withFiles('/etc/cases', cases())
    .withEntrypoint(['sleep', 'infinity'])
    .withHealthCheck({ test: ['CMD', 'true'], interval: 500, timeout: 5000, retries: 10 })
    .start();
});

afterAll(async () => {
  await prometheus?.stop();
  await remove?.();
});

/** Test files of promtool's, one for each file of rules: every case evaluates all rules of its file. JSON is YAML. */
function cases(): Record<string, string> {
  return Object.fromEntries(
    ruleFiles.map(({ name, lab, group }) => {
      const own = alertCases.filter(({ alert, labels }) =>
        group.rules.some(
          (rule) => isAlert(rule) && rule.alert === alert && rule.labels?.['window'] === labels['window'],
        ),
      );
      const file = {
        // The long windows' alerts look at a short one too, which is recorded with the others.
        rule_files: ruleFiles
          .filter((one) => one.name === name || (one.lab === lab && group.name.startsWith(`${one.group.name}-`)))
          .map((one) => `/etc/lab-rules/${one.name}.yml`),
        evaluation_interval: '2s',
        tests: own.flatMap((one) => [
          { name: `${one.alert} fires`, ...inCase(one, one.firing, one.labels, 1) },
          { name: `${one.alert} is quiet`, ...inCase(one, one.quiet, {}, 0) },
        ]),
      };
      return [`${name}.yml`, JSON.stringify(file)];
    }),
  );
}

function inCase(
  { alert, atSeconds = 60 }: AlertCase,
  series: AlertCase['firing'],
  labels: AlertCase['labels'],
  value: 0 | 1,
): object {
  const matchers = Object.entries(labels).map(([name, value]) => `,${name}="${value}"`);
  const expr = `(count(ALERTS{alertstate="firing",alertname="${alert}"${matchers.join('')}}) or vector(0)) > bool 0`;
  return {
    interval: '1s',
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    promql_expr_test: [{ expr, eval_time: `${atSeconds}s`, exp_samples: [{ labels: '{}', value }] }],
  };
}

async function promtool(...args: string[]): Promise<string> {
  const { output, exitCode } = await prometheus.exec(['promtool', ...args]);
  return exitCode === 0 ? 'sound' : output;
}

describe('the rules of all labs', () => {
  test('are sound, and so is all that is emitted for Prometheus', async () => {
    // An alert may have two expressions, which the linter takes for a duplicate.
    const files = ruleFiles.map(({ name }) => `/etc/lab-rules/${name}.yml`);
    expect(await promtool('check', 'rules', '--lint=none', ...files)).toBe('sound');
    expect(await promtool('check', 'config', '--syntax-only', '/etc/lab/prometheus.yml')).toBe('sound');
  });

  test.each(ruleFiles.map(({ name }) => name))('fire when they must, and only then: %s', async (name) => {
    expect(await promtool('test', 'rules', `/etc/cases/${name}.yml`)).toBe('sound');
  });

  test('have a case for every alert', () => {
    // Watchdog always fires; the test of Alertmanager's image sees it arrive.
    const tried = new Set(['Watchdog', ...alertCases.map(({ alert }) => alert)]);
    expect([...tried].sort()).toEqual([...new Set(alerts.map(({ alert }) => alert))].sort());
  });
});
