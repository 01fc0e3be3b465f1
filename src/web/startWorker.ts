interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

/** The document's policy for the addresses of workers. A name can be taken only once. */
let policy: ReturnType<PolicyFactory["createPolicy"]> | undefined;

/**
 * The address of a worker's script, as `new Worker` takes it in a document with Trusted Types.
 * @throws TypeError if the document does not allow the policy `wasm-dqn-demo`
 */
export function scriptUrl(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
  policy ??= trustedTypes?.createPolicy("wasm-dqn-demo", { createScriptURL: (text) => text });
  return policy?.createScriptURL(url) ?? url;
}

/**
 * Starts a worker whose file the build has put into the page's folder.
 * @param file path relative to the document
 */
export function startWorker(file: string, name = ""): Worker {
  const { href } = new URL(file, document.baseURI);
  return new Worker(scriptUrl(href), { type: "module", name });
}
