import type { LoadFigures } from "./wrk.ts";

/** From this share on, latencies and rates by the clock say more about the machine than about the programs. */
const MUCH = 0.1;

export function disturbanceNote(figures: readonly LoadFigures[]): string {
  const most = Math.max(...figures.map(({ disturbance }) => disturbance));
  const share = `Other programs took up to ${Math.round(most * 100)} % of the core that was measured`;
  return most < MUCH ? `${share}.` : `${share}: on a quiet machine latencies are lower and rates higher.`;
}
