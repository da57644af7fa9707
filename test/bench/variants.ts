import { composeDown, composeUp, lab, project } from './lab.ts';
import { median, repeated, row, seconds, type Row } from './row.ts';

/** Every lab but the reference, against its own project by Compose alone. */
export async function variants(rounds: number, say: (text: string) => void): Promise<Row[]> {
  const { labs } = JSON.parse(await lab('list', 'labs', '--json')) as { labs: { name: string }[] };
  const names = labs.map(({ name }) => name).filter((name) => name !== 'secured-monitored');
  const rows: Row[] = [];
  for (const name of names) rows.push(...(await variant(name, rounds, say)));
  return rows;
}

async function variant(name: string, rounds: number, say: (text: string) => void): Promise<Row[]> {
  const arm = { compose: [] as number[], up: [] as number[], verified: [] as number[], down: [] as number[] };
  await lab('up', name, '--yes', '--no-verify', '--project', project);
  await composeDown();
  await repeated(rounds, async (round) => {
    say(`${name}: round ${round + 1} of ${rounds}`);
    arm.compose.push(await seconds(composeUp));
    await composeDown();
    arm.up.push(await seconds(() => lab('up', name, '--no-verify', '--project', project)));
    await composeDown();
    arm.verified.push(await seconds(() => lab('up', name, '--project', project)));
    arm.down.push(await seconds(() => lab('down', '--project', project)));
    await composeDown();
  });
  await lab('down', '--all', '--project', project);
  const alone = median(arm.compose);
  const share = (values: readonly number[]): number[] => values.map((value) => value / alone);
  return [
    row(`${name}: compose up -d --wait (for comparison)`, 's', Infinity, arm.compose),
    row(`${name}: lab up / compose up -d --wait`, '×', 1.25, share(arm.up)),
    row(`${name}: lab up, verified / compose up -d --wait`, '×', 1.25, share(arm.verified)),
    row(`${name}: lab down`, 's', 4, arm.down),
  ];
}
