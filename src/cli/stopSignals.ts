const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Time to stop after a second signal. One Ctrl-C may cause two: one from the terminal and one from npm. */
const GRACE_MILLISECONDS = 1_000;

/**
 * Calls `stop` at the first SIGINT, SIGTERM or SIGHUP. Calls `end` one second after a second SIGINT or SIGTERM, or at the third.
 * Later SIGHUPs are ignored, since a closing terminal may send two.
 * @returns a function that removes the signal handlers
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
