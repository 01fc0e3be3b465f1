const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** npm and a terminal may both send the signal of one Ctrl-C: the work has this time to stop after the second. */
const GRACE_MILLISECONDS = 1_000;

/**
 * Calls `stop` at the first SIGINT, SIGTERM or SIGHUP, and `end` a second after another SIGINT or SIGTERM, or at the third. SIGHUP only
 * asks to stop, since a terminal that closes may send it twice.
 * @returns removes the signal handlers
 */
export function onStopSignals(stop: () => void, end: () => void): () => void {
  let received = 0;
  const onSignal = (signal: NodeJS.Signals) => {
    if (received > 0 && signal === "SIGHUP") return;
    received++;
    if (received === 1) stop();
    else if (received === 2) setTimeout(end, GRACE_MILLISECONDS).unref();
    else end();
  };
  for (const signal of stopSignals) process.on(signal, onSignal);
  return () => {
    for (const signal of stopSignals) process.removeListener(signal, onSignal);
  };
}
