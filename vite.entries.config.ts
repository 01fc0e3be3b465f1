import { defineConfig, type Plugin } from "vite";
import { arrange } from "./src/build/arrange.ts";
import { minified, plainClasses, shorten } from "./src/build/smallCode.ts";

/** Source of each entry, by the name of its file and of Vite's mode. */
const sources: Readonly<Record<string, string>> = {
  policy: "formats/loadPolicy",
  "grid-policy": "formats/loadPolicy",
  games: "games/index",
  "js-kernels": "kernels/registerJsKernels",
};

/** Kernels of a forward pass for one observation. */
const actingKernels = [
  "tanhForward",
  "batchNormEvaluate",
  "convForwardOne",
  "denseForwardOne",
  "duelingForwardOne",
  "layerNormForwardOne",
  "clampValues",
];

/** A kernel in the output of tsc: a method of the object that a file of src/kernels/js returns. */
const kernel = /^ {8}(\w+)\(.*?^ {8}\},?\n/gms;

/** The fast loop of the checksum. The loop after it takes the remaining bytes, here all of a policy file's. */
const manyBytes = /^ {8}for \(; at \+ SLICES.*?^ {8}\}\n/ms;

/** Layers of `wasm-dqn/grid-policy` that `wasm-dqn/policy` refuses, so that it stays small. */
const gridFile = /\/(network\/layers|kernels\/js|formats)\/(convolution|layerNorm|gridShape)\.js$/;
const noGrid = `import { RunError } from "../errors.js";
export const readGridShape = ({ convolution, layer_norm }) => {
  if (convolution ?? layer_norm) throw new RunError("This policy needs wasm-dqn/grid-policy.");
};
export const convolutionEvaluation = 0, layerNormEvaluation = 0;
export const convolutionKernels = 0, layerNormKernels = 0;
`;

/** Statements that only these layers need, between two comments. */
const gridStatements = /^ *\/\/ #grids\n[\s\S]*?\/\/ #end\n/gm;

/** Leaves out the layers of grids. */
function withoutGrids(): Plugin {
  return {
    name: "without-grids",
    enforce: "pre",
    transform(source, id) {
      if (!gridFile.test(id)) return source.replace(gridStatements, "");
      return noGrid.replace("..", id.includes("formats") ? ".." : "../..");
    },
  };
}

/** Leaves out what acting on one observation does not need: most kernels, initial weights, and the other branch of a forward pass. */
function onlyActing(): Plugin {
  return {
    name: "only-acting",
    enforce: "pre",
    transform: (source, id) => {
      if (id.endsWith("/crc32.js")) return source.replace(manyBytes, "");
      if (/network\/layers\/\w+\.js$/.test(id)) {
        return source.replace("width === 1", "true").replace(/initial: \{[^}]*\},?/g, "");
      }
      return /kernels\/js\/\w+\.js$/.test(id)
        ? source.replace(kernel, (text, name) => (actingKernels.includes(name) ? text : ""))
        : null;
    },
  };
}

/** `arrange` takes one function. */
const [start, end] = ["function entry(){", "return 0}"];

/** Minifies a module without imports. */
function smallModule(code: string): string {
  const [, body = "", exported = ""] = /^(.*)(export\{[^}]*\};?)\s*$/s.exec(code) ?? [];
  const arranged = arrange(`${start}${body}${end}`);
  return `${arranged.slice(start.length, -end.length)}${exported}\n`;
}

/** Makes the function of src/kernels/registerJsKernels.ts contain the kernels, so that its source is complete. */
async function kernelsInFunction(code: string): Promise<string> {
  const assignment = /^(.*)(globalThis\.wasmDqnJsKernels=)\(\)=>([\w$]+);?\s*$/s;
  const [, body = "", target, kernels] = assignment.exec(code) ?? [];
  if (kernels === undefined) throw new Error("registerJsKernels does not end with its assignment.");
  const arranged = arrange(await minified(`function entry(){${body}return ${kernels}}`));
  return `${target}${arranged.replace(" entry", "")};\n`;
}

function small(mode: string): Plugin {
  return {
    name: "small",
    async generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        const code = shorten(chunk.code);
        chunk.code =
          mode === "js-kernels"
            ? await kernelsInFunction(code)
            : smallModule(await minified(code, { module: true }));
      }
    },
  };
}

// Builds one of the small entries, named by --mode, as one file without imports, for browsers and Node.
export default defineConfig(({ mode }) => ({
  publicDir: false,
  plugins: [
    ...(mode === "policy" ? [withoutGrids()] : []),
    ...(mode.endsWith("policy") ? [onlyActing()] : []),
    plainClasses(),
    small(mode),
  ],
  build: {
    outDir: "build/browser",
    emptyOutDir: false,
    target: "es2020",
    modulePreload: false,
    rolldownOptions: {
      input: `build/src/${sources[mode]}.js`,
      preserveEntrySignatures: "strict",
      output: { entryFileNames: `${mode}.js`, generatedCode: { symbols: false } },
    },
  },
}));
