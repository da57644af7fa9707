/** What a mail of Alertmanager is about, for programs. */
export interface AlertFact {
  status: 'firing' | 'resolved';
  alertname: string;
  instance: string;
  severity: string;
}

const mostAlerts = 100;

/** Reads the header `X-Lab-Alerts` that the lab's Alertmanager writes: one query string an alert, with spaces between. */
export function alertsOf(header: string | undefined): AlertFact[] {
  const words = (header ?? '').split(/\s+/).filter((word) => word !== '');
  return words.slice(0, mostAlerts).map((word) => {
    const values = new URLSearchParams(word);
    const of = (name: string): string => (values.get(name) ?? '').slice(0, 200);
    return {
      status: of('status') === 'resolved' ? 'resolved' : 'firing',
      alertname: of('alertname'),
      instance: of('instance'),
      severity: of('severity'),
    };
  });
}
