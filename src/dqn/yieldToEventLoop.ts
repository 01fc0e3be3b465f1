/** Lets timers, input, messages and drawing run. Not setTimeout, because browsers delay nested timers by 4 ms. */
export function yieldToEventLoop(): Promise<void> {
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
