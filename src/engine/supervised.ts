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
