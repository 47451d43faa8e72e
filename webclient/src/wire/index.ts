// The wire: types and validators of every message, generated from broker/messages.py and conversation.py.
import { type Directions, directions } from "./messages.gen";

export { isRecord } from "./check";
export * from "./messages.gen";

/** Reads a value parsed from JSON as a message of a direction; undefined when it is none. */
export function read<D extends keyof Directions>(direction: D, value: unknown): Directions[D] | undefined {
  return directions[direction](value) ? (value as Directions[D]) : undefined;
}
