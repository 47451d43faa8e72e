// The paths of the signs that come with calls, pictures and voice notes; drawn by `views/icons.tsx`, in the same hand.

export const signs = {
  voice: "M5.5 2.5 3.2 4.800c-.6 3.8 8.2 12.6 12 12l2.3-2.3-3.9-3-1.8 1.300c-1.5-.6-4-3.1-4.6-4.600l1.3-1.800z",
  video: "M2.5 5.500h10v9h-10zM12.5 9l5-3v8l-5-3",
  mic: "M10 2.500a2.5 2.5 0 0 1 2.5 2.500v5a2.5 2.5 0 0 1-5 0V5A2.5 2.5 0 0 1 10 2.500zM4.5 9.500a5.5 5.5 0 0 0 11 0M10 15v2.5",
  hangUp: "M2.5 12.500c0-5.5 15-5.5 15 0v1.500l-4 .5-.8-2.700c-1.5-.6-3.9-.6-5.4 0l-.8 2.7-4-.5z",
  devices: "M3 6h14M3 14h14M7 4v4M13 12v4",
  float: "M2.5 4.500h15v11h-15zM10 10h5v3.500h-5z",
  full: "M3 7.500V3h4.500M12.5 3H17v4.500M17 12.500V17h-4.500M7.5 17H3v-4.5",
  smaller: "M4 12.5 10 6.500l6 6",
  larger: "M4 7.500l6 6 6-6",
  shield: "M10 2 3.5 4.500v5c0 4.2 2.8 7 6.5 8.5 3.7-1.5 6.5-4.3 6.5-8.500v-5zM7 9.800l2.2 2.200L13.2 7.8",
  picture: "M3 4.500h14v11H3zM3.5 14 8 9.500l3 3 2-2 3.5 3.500M13 7.500h.01",
  stop: "M6 6h8v8H6z",
  play: "M6.5 4 16 10 6.5 16z",
  pause: "M7 4v12M13 4v12",
} as const;
