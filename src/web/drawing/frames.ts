import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** @param elapsed milliseconds since the drawing's last frame; at most 1,000 */
type Draw = (elapsed: number) => void;

interface Drawing {
  draw: Draw;
  readonly interval: number;
  last: number;
  visible: boolean;
}

const drawings = new Map<Element, Drawing>();

const observer = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      const drawing = drawings.get(target);
      if (drawing !== undefined) drawing.visible = isIntersecting;
    }
  },
  { rootMargin: "100px" },
);

function frame(now: number): void {
  requestAnimationFrame(frame);
  for (const drawing of drawings.values()) {
    const elapsed = now - drawing.last;
    if (!drawing.visible || elapsed < drawing.interval) continue;
    drawing.last = now;
    // A hidden tab or a drawing that was scrolled away does not catch up.
    drawing.draw(Math.min(elapsed, 1000));
  }
}
requestAnimationFrame(frame);

/**
 * Calls `draw` before the browser paints, at most every `interval` milliseconds, while the element is on the screen. All drawings
 * share one loop.
 */
export function useFrames(element: RefObject<Element | null>, draw: Draw, interval = 0): void {
  const drawing = useRef<Drawing | null>(null);
  if (drawing.current !== null) drawing.current.draw = draw;
  useEffect(() => {
    const target = element.current!;
    // A frame may be a little early.
    drawing.current = { draw, interval: interval - 4, last: performance.now(), visible: true };
    drawings.set(target, drawing.current);
    observer.observe(target);
    return () => {
      drawings.delete(target);
      observer.unobserve(target);
    };
  }, []);
}
