/** The script by which a supervised process is started: a link to the image's own, unless something was put before it. */
export const placeOf = (process: string): string => `/run/service/${process}/run`;
const ownOf = (process: string): string => `/etc/s6/${process}/run`;

/** A shell script that puts lines before those by which a supervised process is started. */
export function putBehind(process: string, prelude: string): string {
  const own = ownOf(process);
  return `{ head -n 1 ${own}; cat <<'PRELUDE'\n${prelude}\nPRELUDE\ntail -n +2 ${own}; } > /run/behind; chmod +x /run/behind; mv -f /run/behind ${placeOf(process)}`;
}

/** A shell script that undoes it. */
export function putBack(process: string): string {
  return `ln -sfn ${ownOf(process)} ${placeOf(process)}`;
}

/**
 * A shell script that stops a supervised process and starts it again, on whatever configuration there is; it may not come up.
 * `s6-svc -w` would not do: a process that crashes again and again may go down by itself before the order is given, which would
 * then come last.
 */
export function startAgain(process: string, seconds = 5): string {
  const folder = `/run/service/${process}`;
  return `s6-svc -c ${folder}; s6-svc -d ${folder}; s6-svwait -D -t ${seconds * 1000} ${folder}; s6-svc -u ${folder}`;
}
