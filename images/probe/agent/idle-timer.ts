/** Calls `whenIdle` once nothing has been under way for `idleMs` milliseconds. */
export function idleTimer(idleMs: number, whenIdle: () => void): { begin(): void; end(): void } {
  let underWay = 0;
  let timer: NodeJS.Timeout | undefined = setTimeout(whenIdle, idleMs);
  return {
    begin: () => {
      underWay += 1;
      clearTimeout(timer);
      timer = undefined;
    },
    end: () => {
      underWay -= 1;
      if (underWay === 0) timer = setTimeout(whenIdle, idleMs);
    },
  };
}
