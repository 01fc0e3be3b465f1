/** Lets timers, input, messages and drawing run. A timer would make a browser wait 4 ms each time. */
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
