import type { FunctionComponent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { attempt } from "../state/app.ts";

/** Distance from the screen, in CSS pixels, at which the code of a view is loaded. */
const NEAR = 300;

/**
 * Returns a view whose code loads when its place comes near the screen. Until then, an empty element keeps the place.
 * @param id id of that element, whose height the style sheet sets
 */
export function later(id: string, load: () => Promise<FunctionComponent>): FunctionComponent {
  return function Later() {
    const place = useRef<HTMLDivElement>(null);
    const [View, setView] = useState<FunctionComponent | null>(null);
    useEffect(() => {
      const show = async () => {
        const loaded = await load();
        setView(() => loaded);
      };
      const observer = new IntersectionObserver(
        (entries) => {
          if (entries.at(-1)!.isIntersecting) attempt(show);
        },
        { rootMargin: `${NEAR}px` },
      );
      observer.observe(place.current!);
      return () => observer.disconnect();
    }, []);
    return View === null ? <div ref={place} id={id} /> : <View />;
  };
}
