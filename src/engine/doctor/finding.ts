/** One thing that `lab doctor` looked at. */
export interface DoctorFinding {
  id: string;
  title: string;
  /** `problem`: a lab will not run. `warning`: it may run, or run with less. */
  status: 'ok' | 'warning' | 'problem';
  observed: string;
  /** How to mend it; there whenever the status is not `ok`. */
  fix?: string;
}

/** Where a doctor's look may be cut short, in milliseconds: all of them run side by side, and `lab doctor` takes under 3 s. */
export const lookDeadlineMs = 2000;

export function ok(id: string, title: string, observed: string): DoctorFinding {
  return { id, title, status: 'ok', observed };
}

export function warning(id: string, title: string, observed: string, fix: string): DoctorFinding {
  return { id, title, status: 'warning', observed, fix };
}

export function problem(id: string, title: string, observed: string, fix: string): DoctorFinding {
  return { id, title, status: 'problem', observed, fix };
}
