// Drawn signs, all in one hand: on a field of 20 by 20, in strokes of the colour of the text around them. What they mean is
// said in words beside them, or by the button that bears them; they themselves are not read out.

import type { JSX } from "preact";

const paths = {
  alert: "M10 2.5 18.5 17.500h-17zM10 8v4.500M10 15v.1",
  cross: "M4.5 4.500l11 11M15.5 4.500l-11 11",
  flag: "M5 17.500v-14h10l-2 3.5 2 3.500H5",
  gear: "M8.4 4.2 8.6 2.1 11.4 2.1 11.6 4.2 13 4.8 14.6 3.5 16.5 5.4 15.2 7 15.8 8.4 17.9 8.6 17.9 11.4 15.8 11.6 15.2 13 16.5 14.6 14.6 16.5 13 15.2 11.6 15.8 11.4 17.9 8.6 17.9 8.4 15.8 7 15.2 5.4 16.5 3.5 14.6 4.8 13 4.2 11.6 2.1 11.4 2.1 8.6 4.2 8.4 4.8 7 3.5 5.4 5.4 3.5 7 4.8zM10 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5",
  globe: "M2.5 10a7.5 7.5 0 1 0 15 0 7.5 7.5 0 1 0-15 0h15M10 2.500c4.5 4 4.5 11 0 15-4.5-4-4.5-11 0-15",
  offline: "M2.5 8a11 11 0 0 1 15 0M5.5 11.500a6.5 6.5 0 0 1 9 0M10 15.500v.1M3 3l14 14",
  renew: "M16.5 10a6.5 6.5 0 1 1-2-4.700M16.5 2.500v3.400h-3.4",
  send: "M3 10h13M11 4.5 16.5 10 11 15.5",
} as const;

/** These point the way one reads. */
const pointing: ReadonlySet<string> = new Set(["send"]);

export function Icon({ of, size }: { of: keyof typeof paths; size?: number }): JSX.Element {
  return <Sign path={paths[of]} points={pointing.has(of)} {...(size && { size })} />;
}

interface SignProps {
  path: string;
  size?: number;
  points?: boolean;
  struck?: boolean;
}

export function Sign({ path, size = 20, points = false, struck = false }: SignProps): JSX.Element {
  const rem = `${size / 16}rem`; // it grows with the text
  return (
    <svg
      class={points ? "icon points" : "icon"}
      viewBox="0 0 20 20"
      width={rem}
      height={rem}
      aria-hidden="true"
      focusable="false"
    >
      <path d={path} />
      {struck ? <path class="struck" d="M3 3l14 14" /> : null}
    </svg>
  );
}
