import { readAddress } from "../state/address.ts";
import { DemoView } from "./demoView.ts";

/** `learning-rate` -> `learningRate`. */
const camelCase = (name: string) =>
  name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Attributes of HTML and of the element that do not describe the run. */
const others = /^(?:id|class|style|title|slot|lang|dir|hidden|page|address|(?:data|aria)-.*|on.*)$/;

/** The run that an element's attributes describe, as the part of the page's address after `#`. */
function addressOf(element: Element): string {
  if (element.hasAttribute("address")) return location.hash;
  const parts = new URLSearchParams();
  for (const { name, value } of element.attributes) {
    if (!others.test(name)) parts.set(camelCase(name), value);
  }
  return `#${parts}`;
}

/**
 * Defines <wasm-dqn-demo>. Its attributes are `recipe`, `hide` and hyperparameters, such as `learning-rate`. With the attribute `address`,
 * the part of the document's address after `#` replaces them. `page` is the address of the full page's folder.
 */
export function defineDemo(): void {
  // Null in a module.
  const script = document.currentScript as HTMLScriptElement | null;
  const folder = script?.src ? new URL(".", script.src).href : "";

  class DemoElement extends HTMLElement {
    #view: DemoView | null = null;
    readonly #renew = () => {
      this.#view?.dispose();
      const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
      const page = this.getAttribute("page") ?? folder;
      this.#view = new DemoView(root, readAddress(addressOf(this)), page);
    };
    readonly #changes = new MutationObserver(this.#renew);

    connectedCallback(): void {
      this.#renew();
      this.#changes.observe(this, { attributes: true });
      if (this.hasAttribute("address")) addEventListener("hashchange", this.#renew);
    }

    disconnectedCallback(): void {
      this.#changes.disconnect();
      removeEventListener("hashchange", this.#renew);
      this.#view?.dispose();
    }
  }

  if (customElements.get("wasm-dqn-demo") === undefined) {
    customElements.define("wasm-dqn-demo", DemoElement);
  }
}
