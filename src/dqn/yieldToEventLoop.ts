/** Milliseconds of work between two turns for others: half of a frame at 60 Hz. */
export const turnMilliseconds = 8;

/** Lets timers, input, messages and drawing have their turn. A timer would make a browser wait 4 ms each time. */
export function nextTurn(): Promise<void> {
  return new Promise((resume) => {
    if (typeof setImmediate === "function") {
      setImmediate(resume);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resume();
    };
    port2.postMessage(null);
  });
}
