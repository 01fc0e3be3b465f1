// What the program needs and JavaScriptCore's shell lacks: a console, and the decoder of messages that the loader of the
// kernels makes at its start and uses in none of them.
declare const print: (line: string) => void;

Object.assign(globalThis, { console: { log: print }, TextDecoder: class {} });
