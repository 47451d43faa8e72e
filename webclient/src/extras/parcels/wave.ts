// How loud a voice note is over its length, as 64 numbers from 0 to 31: drawn, and sent along.

export const WAVE_PARTS = 64;
const WAVE_MAX = 31;
/** Quieter than this is drawn as silence: the range that a room and a voice fill. */
const FLOOR_DB = -50;

/** How loud these samples (-1 to 1) are, 0 to 1, as one hears it: in decibels over what counts as silence. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const db = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
  return Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
}

/** Any number of levels (0 to 1), taken at even distances, as so many parts: each the loudest within. */
export function waveOf(levels: readonly number[], parts: number = WAVE_PARTS): number[] {
  return Array.from({ length: parts }, (_, nth) => {
    const from = Math.floor((nth * levels.length) / parts);
    const to = Math.max(from + 1, Math.floor(((nth + 1) * levels.length) / parts));
    const loudest = levels.slice(from, to).reduce((most, level) => Math.max(most, level), 0);
    return Math.round(Math.min(1, Math.max(0, loudest)) * WAVE_MAX);
  });
}
