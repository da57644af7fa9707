import type { Adaptation, Surroundings } from '../../../../src/grade/submission.ts';

export const surroundings: Surroundings = {
  certificate: '/run/secrets/site.pem',
  domain: 'www.shop.test',
  servers: [
    { name: 'web1', address: '10.20.0.11', port: 80 },
    { name: 'web2', address: '10.20.0.12', port: 80 },
  ],
};

/** The text alone. */
export const after = (adaptation: Adaptation, text: string): string => adaptation(text, surroundings).text;
export const notes = (adaptation: Adaptation, text: string): string[] => adaptation(text, surroundings).notes;
/** Nothing is changed, and nothing said. */
export const untouched = (adaptation: Adaptation, text: string): boolean => {
  const adapted = adaptation(text, surroundings);
  return adapted.text === text && adapted.notes.length === 0;
};
