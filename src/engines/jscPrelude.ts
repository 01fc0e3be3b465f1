// Globals that the program needs and JavaScriptCore's shell lacks: a console, and a TextDecoder that the kernels' loader
// constructs but never uses here.
declare const print: (line: string) => void;

Object.assign(globalThis, { console: { log: print }, TextDecoder: class {} });
