import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./markdown.ts";

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
}

/** Place in a text, both numbers from 0. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** TypeScript's language server in its own process: what an editor asks while somebody types. */
export class LanguageServer {
  readonly #process: ChildProcess;
  readonly #pending = new Map<number, (result: unknown) => void>();
  #received = Buffer.alloc(0);
  #requests = 0;

  constructor() {
    const tsc = join(root, "node_modules/.bin/tsc");
    this.#process = spawn(tsc, ["--lsp", "--stdio"], { stdio: ["pipe", "pipe", "ignore"] });
    this.#process.stdout!.on("data", (bytes: Buffer) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      while (this.#readMessage());
    });
  }

  /** Handles the first complete message among the received bytes. Returns whether there was one. */
  #readMessage(): boolean {
    const headerEnd = this.#received.indexOf("\r\n\r\n");
    if (headerEnd < 0) return false;
    const [, length = ""] = /Content-Length: (\d+)/.exec(String(this.#received)) ?? [];
    const end = headerEnd + 4 + Number(length);
    if (this.#received.length < end) return false;
    const message = JSON.parse(String(this.#received.subarray(headerEnd + 4, end))) as Message;
    this.#received = this.#received.subarray(end);
    if (message.id !== undefined && message.method !== undefined) {
      // A request of the server, such as for settings: none.
      this.#send({ id: message.id, result: null });
    } else if (message.id !== undefined) {
      this.#pending.get(message.id)?.(message.result);
    }
    return true;
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#process.stdin!.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #request(method: string, params: object): Promise<unknown> {
    const id = ++this.#requests;
    this.#send({ id, method, params });
    return new Promise((resolve) => this.#pending.set(id, resolve));
  }

  /** Opens a TypeScript file with this text. */
  async open(path: string, text: string): Promise<void> {
    const rootUri = pathToFileURL(root).href;
    const capabilities = { textDocument: { hover: { contentFormat: ["markdown"] } } };
    await this.#request("initialize", { processId: process.pid, rootUri, capabilities });
    this.#send({ method: "initialized", params: {} });
    const textDocument = {
      uri: pathToFileURL(path).href,
      languageId: "typescript",
      version: 1,
      text,
    };
    this.#send({ method: "textDocument/didOpen", params: { textDocument } });
  }

  /** The text that an editor shows for the identifier at a position. */
  async hover(path: string, position: Position): Promise<string> {
    const textDocument = { uri: pathToFileURL(path).href };
    return JSON.stringify(await this.#request("textDocument/hover", { textDocument, position }));
  }

  /** Labels of the completions at a position. */
  async complete(path: string, position: Position): Promise<string[]> {
    const textDocument = { uri: pathToFileURL(path).href };
    const result = await this.#request("textDocument/completion", { textDocument, position });
    const items = Array.isArray(result) ? result : (result as { items: unknown[] } | null)?.items;
    return ((items ?? []) as { label: string }[]).map(({ label }) => label);
  }

  close(): void {
    this.#process.kill();
  }
}
