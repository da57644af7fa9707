import type { Part } from './part.ts';

/** A dashboard, before it is written in Grafana's words. */
export interface Page {
  /** Its identity, and the name of its file and address. */
  uid: string;
  title: string;
  /** The question that it answers. */
  question: string;
  /** What to look for, in Markdown. */
  look: string;
  choice?: Choice;
  sections: readonly Section[];
}

/** A heading and what is below it, line by line; the parts of a line share its width. Lines without parts are left out. */
export interface Section {
  title: string;
  lines: readonly (readonly Part[])[];
}

/** A choice at the top of the page, of some services or all of them: `instance=~"$name"`. */
export interface Choice {
  name: string;
  of: readonly string[];
}

/** Stands where other files of the plan name their template: a dashboard is made in code. */
export const dashboardTemplate = 'grafana/dashboard';
