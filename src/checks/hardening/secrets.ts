import type { Plan } from '../../plan/types.ts';
import type { CheckContext } from '../check.ts';
import { insideAll } from '../inside.ts';
import { sharedTimeoutMs } from '../once.ts';
import { eachContainer, inspect, offences, promise, type Facts, type HardeningCheck } from './facts.ts';

/** What comes into a container from the host, and what must not be seen of it. */
export function secretsChecks(plan: Plan): HardeningCheck[] {
  return [mounts(plan), secretsHidden(plan), secretFiles(plan)];
}

function mounts(plan: Plan): HardeningCheck {
  const check = {
    id: 'hardening.mounts',
    title: 'No container gets the engine’s socket, or more of the host than the project’s own files',
    points: 2,
    expected: 'bind mounts from the project’s folder alone, all read-only, and no socket of a container engine',
    reproduce: inspect(plan, '{{range .Mounts}}{{.Source}}:{{.Destination}}:{{.RW}} {{end}}'),
    hint: 'Who can talk to the Docker socket is root on the host. Mount single files and folders, with `:ro`.',
  };
  return promise(
    check,
    (_, facts) => mountOffence(facts),
    (all) =>
      `${all.reduce((sum, { Mounts }) => sum + Mounts.filter(({ Type }) => Type === 'bind').length, 0)} read-only bind mounts`,
  );
}

function mountOffence({ Mounts, Config }: Facts): string | undefined {
  const folder = Config.Labels['com.docker.compose.project.working_dir'] ?? '';
  for (const { Type, Source = '', Destination, RW } of Mounts) {
    if (/(docker|containerd|podman|crio)[^/]*\.sock$/.test(Source) || /\.sock$/.test(Destination))
      return `mounts the socket ${Source}`;
    if (Type !== 'bind') continue;
    if (folder === '' || !Source.startsWith(`${folder}/`)) return `mounts ${Source} of the host`;
    if (RW) return `may write to ${Source}`;
  }
  return undefined;
}

function secretsHidden(plan: Plan): HardeningCheck {
  return {
    id: 'hardening.secrets-hidden',
    title: 'No secret stands in an environment or on a command line',
    points: 2,
    expected: `none of the ${plan.secrets.length} secrets in what the engine tells of a container, or in any process’s environment or arguments`,
    reproduce: inspect(plan, '{{.Config.Env}} {{.Config.Cmd}}'),
    hint: 'Environments are shown by `docker inspect`, inherited by every child and printed in crash reports; arguments stand in `ps`. Give a service a file.',
    needs: ['database', 'balancer', 'firewalls'],
    timeoutMs: sharedTimeoutMs,
    run: async (context) => {
      const [all, insides, secrets] = await Promise.all([eachContainer(context), insideAll(context), values(context)]);
      const words = all.flatMap(({ service: { name }, facts: { Config, Args, Path } }) => {
        const told = JSON.stringify([
          Config.Env,
          Config.Cmd,
          Config.Entrypoint,
          Config.Labels,
          Config.Healthcheck,
          Path,
          Args,
        ]);
        const processes = insides.get(name)?.processes ?? '';
        return secrets.flatMap(({ secret, value }) => [
          ...(told.includes(value) ? [`${name} has ${secret} in its definition`] : []),
          ...(processes.includes(value) ? [`${name} has ${secret} in a process`] : []),
        ]);
      });
      return offences(all.length, words, `${secrets.length} values looked for`);
    },
  };
}

/** Each secret's actual value, once. */
async function values(context: CheckContext): Promise<{ secret: string; value: string }[]> {
  const read = await Promise.all(
    context.plan.secrets.flatMap(({ name, readers: [reader] }) =>
      reader === undefined ? [] : [context.secret(reader, name).then((value) => ({ secret: name, value }))],
    ),
  );
  // A value of a few characters would be found anywhere.
  return read.filter(({ value }) => value.length >= 8);
}

function secretFiles(plan: Plan): HardeningCheck {
  const reader = plan.secrets[0]?.readers[0] ?? plan.services[0]?.name ?? '';
  return {
    id: 'hardening.secret-files',
    title: 'A service can read its own secrets, and nobody else can',
    points: 2,
    expected: 'in /run/secrets exactly what the plan gives a service, mode 400, owned by the service’s user',
    reproduce: `./lab shell ${reader} --project ${plan.settings.project} -- ls -ln /run/secrets`,
    hint: 'A secret in a container that has no use for it is one more place to lose it: name the readers of each, and set mode and owner of the file.',
    needs: ['database', 'balancer', 'firewalls'],
    timeoutMs: sharedTimeoutMs,
    run: async (context) => {
      const insides = await insideAll(context);
      const words = plan.services.flatMap(({ name, uid }) => {
        const found = insides.get(name)?.secrets;
        if (found === undefined) return [];
        const wanted = secretNames(plan, name);
        return [
          ...wanted.filter((one) => !found.some((file) => file.name === one)).map((one) => `${name} lacks ${one}`),
          ...found
            .filter((file) => !wanted.includes(file.name))
            .map((file) => `${name} has ${file.name}, which is not its own`),
          ...found
            .filter((file) => !/^[46]00$/.test(file.mode) || file.uid !== uid)
            .map((file) => `${name}: ${file.name} has mode ${file.mode}, owner ${file.uid}`),
        ];
      });
      const total = [...insides.values()].reduce((sum, { secrets }) => sum + secrets.length, 0);
      return offences(insides.size, words, `${total} files of mode 400`);
    },
  };
}

function secretNames(plan: Plan, service: string): string[] {
  return [
    ...plan.secrets.filter(({ readers }) => readers.includes(service)).map(({ name }) => name),
    ...plan.certificates
      .filter((one) => one.service === service)
      .flatMap(({ name, layout }) => (layout === 'bundle' ? [`${name}.pem`] : [`${name}.crt`, `${name}.key`])),
  ];
}
