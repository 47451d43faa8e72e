// What a talk can do beyond text. It is not needed to open the page, and loaded while a stranger is looked for. One of it
// belongs to one talk, and everything that it holds is destroyed with that.

import "../style/extras.css";
import type { ReadonlySignal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { CheckWords } from "../checkwords";
import type { Said } from "../meeting";
import type { Role } from "../seal";
import type { ParcelLine, TalkEvent } from "../talk";
import { openCalls } from "./calls";
import { Check } from "./check";
import { openParcels } from "./parcels/parcels";

export interface ExtrasPorts {
  /** One of the two is a, the other b: where both could do something that is to be done once. */
  readonly role: Role;
  /** The connection of the talk; negotiated anew by itself when something is added to it. */
  readonly pc: RTCPeerConnection;
  /** The channel for what is big: negotiated, ordered, open. */
  readonly parcels: RTCDataChannel;
  /** What came over it already. */
  readonly early?: readonly unknown[];
  /** To the stranger, over the other channel. */
  say(message: Said): void;
  /** To the talk as it is seen. */
  tell(event: TalkEvent): void;
  /** Milliseconds of the talk's clock. */
  now(): number;
}

/** What is drawn of it, and where; each may draw nothing. */
export interface ExtrasViews {
  /** Beside the box to type in. */
  readonly Tools: ComponentType;
  /** In the place of words, in a line of the log. */
  readonly ParcelView: ComponentType<{ line: ParcelLine; stranger: string }>;
  /** In the head of the talk. */
  readonly CallButtons: ComponentType;
  /** In the head of the talk: what the two can compare, to know that nobody sits between them. */
  readonly Check: ComponentType<{ words: CheckWords }>;
  /** Above the log: a call, or the question whether to have one. */
  readonly CallStage: ComponentType<{ stranger: string }>;
}

export interface Extras {
  readonly views: ExtrasViews;
  /** The stranger asks for a call, and waits for an answer. */
  readonly rings: ReadonlySignal<boolean>;
  hear(message: Said): void;
  /** Files that were pasted or dropped. */
  give(files: Iterable<File>): void;
  /** The stranger is gone. What was shown stays until `close`. */
  ended(): void;
  /** Nothing of it remains. */
  close(): void;
}

export function openExtras(ports: ExtrasPorts): Extras {
  const { CallButtons, CallStage, ...calls } = openCalls(ports);
  const parcels = openParcels(ports);
  return {
    views: { ...parcels.views, CallButtons, CallStage, Check },
    rings: calls.rings,
    hear(message) {
      switch (message.kind) {
        case "ring":
        case "accept":
        case "hangup":
        case "sending":
          calls.hear(message);
          break;
        case "parcel":
        case "drop":
        case "refuse":
        case "taken":
          parcels.hear(message);
          break;
      }
    },
    give: parcels.give,
    ended() {
      calls.ended();
      parcels.ended();
    },
    close() {
      calls.close();
      parcels.close();
    },
  };
}
