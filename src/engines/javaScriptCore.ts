import { fileURLToPath } from "node:url";
import { type Engine, findExecutable, outputOf } from "./engine.ts";
import { listen } from "./listen.ts";

const prelude = fileURLToPath(new URL("./jscPrelude.js", import.meta.url));

/** The shell prints no version, so this is the version of its Debian package. */
function packageVersion(executable: string): string {
  const [owner = ""] = outputOf("dpkg-query", ["--search", executable]).split(": ");
  const version = owner && outputOf("dpkg-query", ["--show", `--showformat=\${Version}`, owner]);
  return version || "version unknown";
}

/** The engine of WebKit and Safari, run in its shell `jsc`. */
export const javaScriptCore: Engine = {
  id: "jsc",
  name: "JavaScriptCore",
  async locate() {
    return findExecutable(
      "JSC",
      ["jsc"],
      ["/System/Library/Frameworks/JavaScriptCore.framework/Versions/Current/Helpers/jsc"],
      "apt-get install libjavascriptcoregtk-4.0-bin",
    );
  },
  version: packageVersion,
  run: (executable, { program, seconds }, onRun) =>
    listen(executable, [`--module-file=${prelude}`, program], seconds, onRun),
};
