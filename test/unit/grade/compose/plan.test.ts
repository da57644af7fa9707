import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { planned, small } from './stack.ts';

test('a plain project is taken, hardened, and moved to the block of this grading', () => {
  const plan = planned(small());
  if ('refusals' in plan) throw new Error(JSON.stringify(plan.refusals, null, 1));
  const compose = parse(plan.project.composeYaml);
  expect(compose.services.lb).toMatchObject({ cap_drop: ['ALL'], read_only: true, image: 'lab/balancer:0123456789ab' });
});
