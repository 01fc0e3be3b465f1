import { useEffect, useRef } from "preact/hooks";
import { viewOf } from "../../scenes/views.ts";
import { useFrames } from "../drawing/frames.ts";
import { type Inks, inks } from "../drawing/inks.ts";
import { sizeCanvas } from "../drawing/sizeCanvas.ts";
import { paintBoard } from "../stage/boardPainter.ts";
import { paintStrokes, placeScene } from "../stage/scenePainter.ts";
import { firstChoice } from "../state/address.ts";
import { linkTo, tab } from "../state/app.ts";
import { type Tab, tabs } from "../tabs.ts";

/** Milliseconds after the start of the page at which the pictures are drawn, one a frame: the stage comes first. */
const LATER = 900;

function TabPicture({ tab: { env, sketch = "", tiles = false } }: { readonly tab: Tab }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef<Inks | null>(null);
  useFrames(
    canvas,
    () => {
      const colors = inks.peek();
      if (drawn.current === colors) return;
      drawn.current = colors;
      const { context, height, width } = sizeCanvas(canvas.current!);
      context.clearRect(0, 0, width, height);
      const view = viewOf(env);
      if (view === null) {
        paintBoard(context, width, height, sketch, colors, tiles);
        return;
      }
      const scene = view.scene({ targetPosition: null });
      const [left, right] = [Math.max(scene.left, -1.4), Math.min(scene.right, 1.4)];
      const placement = placeScene({ ...scene, left, right }, width, height);
      paintStrokes(context, placement, scene.strokes(view.example), colors);
    },
    LATER,
  );
  return <canvas ref={canvas} />;
}

/** Links to the environments. */
export function Tabs() {
  const list = useRef<HTMLElement>(null);
  const { env } = tab.value;
  // On a phone, the current tab may be outside of the row.
  useEffect(() => {
    const [row, link] = [list.current!, list.current!.querySelector<HTMLElement>("[aria-current]")];
    if (link === null) return;
    const left = link.offsetLeft - row.offsetLeft;
    const hidden =
      left < row.scrollLeft || left + link.offsetWidth > row.scrollLeft + row.clientWidth;
    if (hidden) row.scrollLeft = left - row.clientWidth / 3;
  }, [env]);
  return (
    <nav ref={list} class="tabs" aria-label="Environments">
      {tabs.map((each) => (
        <a
          key={each.env}
          href={linkTo(firstChoice(each.env))}
          aria-current={each === tab.value ? "page" : undefined}
        >
          <TabPicture tab={each} />
          {each.name}
        </a>
      ))}
    </nav>
  );
}
