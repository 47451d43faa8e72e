// The topics that a page uses (protocol.md, "Topics").

export const PULSE = "v1/pulse";

/** Where I give signs of life, and where my Will goes. */
export const presenceTopic = (peer: string): string => `v1/presence/${peer}`;

/** Where I ask to be matched, and tell how a session goes. */
export const lobbyTopic = (peer: string): string => `v1/lobby/${peer}`;

/** Where the service speaks to me. */
export const inboxTopic = (peer: string): string => `v1/inbox/${peer}`;

/** Where the owner of a seat hears its stranger. */
export const sessionTopic = (seat: string): string => `v1/session/${seat}`;

/** The seat of a session topic; undefined for every other topic. */
export function seatOf(topic: string): string | undefined {
  const start = "v1/session/";
  return topic.startsWith(start) ? topic.slice(start.length) : undefined;
}
