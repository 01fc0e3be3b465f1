import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** @param elapsed milliseconds since the drawing's last frame; at most 1,000 */
type Draw = (elapsed: number) => void;

interface Drawing {
  draw: Draw;
  /** Null from the moment in which the element is removed, which may be before the effect of its component ends. */
  readonly element: RefObject<Element | null>;
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

/** Draws everything that moves, and of the others the one that has waited longest, so that a frame never has much to do. */
function frame(now: number): void {
  requestAnimationFrame(frame);
  let next: Drawing | null = null;
  for (const drawing of drawings.values()) {
    if (!drawing.visible || drawing.element.current === null) continue;
    if (drawing.interval === 0) run(drawing, now);
    else if (now - drawing.last >= drawing.interval) {
      if (next === null || drawing.last < next.last) next = drawing;
    }
  }
  if (next !== null) run(next, now);
}

function run(drawing: Drawing, now: number): void {
  const elapsed = now - drawing.last;
  drawing.last = now;
  // A hidden tab or a drawing that was scrolled away does not catch up.
  drawing.draw(Math.min(elapsed, 1000));
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
    // The observer reports after the first frames.
    const visible = target.getBoundingClientRect().top < innerHeight;
    const last = interval === 0 ? performance.now() : 0;
    drawing.current = { draw, element, interval, last, visible };
    drawings.set(target, drawing.current);
    observer.observe(target);
    return () => {
      drawings.delete(target);
      observer.unobserve(target);
    };
  }, []);
}
