import { describe, expect, it } from 'vitest';
import type { UserError } from '../../../src/errors.ts';
import { baseOf, layered } from '../../../src/lab/layers.ts';
import { labFrom } from '../../../src/lab/load.ts';
import { readSource } from '../../../src/lab/source.ts';
import { reference } from './reference.ts';

const below = readSource(reference, 'below.yml');
const over = (text: string) => layered(readSource(`extends: secured-monitored\n${text}`, 'over.yml'), below);
const own = 'name: other\ntitle: Another\n';

describe('a lab that extends another', () => {
  it('has all of it, and what is its own', () => {
    const lab = labFrom(over(`${own}tls: { hstsSeconds: 60 }\nflows: { balancing: { to: [web1:443] } }`));
    expect(lab).toMatchObject({ name: 'other', title: 'Another', extends: 'secured-monitored' });
    expect(lab.tls).toMatchObject({ hstsSeconds: 60, certificateDays: 90 });
    expect(lab.flows['balancing']).toEqual({
      about: labFrom(below).flows['balancing']?.about,
      from: ['balancer'],
      to: ['web1:443'],
    });
  });

  it('takes away with null', () => {
    const lab = labFrom(over(`${own}services: { prober: null }\nflows: { outside-probe: null }`));
    expect(Object.keys(lab.services)).not.toContain('prober');
    expect(Object.keys(lab.flows)).not.toContain('outside-probe');
  });

  it('says of itself who it is', () => {
    expect(() => labFrom(over(''))).toThrow(/name: is missing[\s\S]*title: is missing/);
  });

  it('has its mistakes in its own file, and those that follow from it where they stand', () => {
    const wrong = over(`${own}tls: { hstsSecnds: 1 }\nservices: { balancer: null }`);
    let problems: UserError['problems'] = [];
    try {
      labFrom(wrong);
    } catch (error) {
      problems = (error as UserError).problems;
    }
    const files = Object.fromEntries(problems.map(({ message, where }) => [message.split(':')[0], where?.file]));
    expect(files).toMatchObject({ 'tls.hstsSecnds': 'over.yml', 'endpoints.https.to': 'below.yml' });
  });

  it('is known by what stands in `extends`', () => {
    expect(baseOf(readSource('extends: a', 'x'))).toBe('a');
    expect(baseOf(readSource('extends: [a]', 'x'))).toBeUndefined();
    expect(baseOf(below)).toBeUndefined();
  });
});
