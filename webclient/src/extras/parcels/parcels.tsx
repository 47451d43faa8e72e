// Pictures and voice notes of one talk, put together: what leaves is made ready and sent, what comes is put together,
// checked and shown, and of all of it nothing remains when the talk is closed.
//
//   file ─► picture ─► outgoing ═► channel ═► incoming ─► picture, voice ─► keep ─► the log
//   microphone ─► voice ─┘

import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { ParcelLine, Who } from "../../talk";
import type { Parcel } from "../../wire";
import type { ExtrasPorts } from "../extras";
import { parcelTexts as words } from "../texts";
import type { About, Goods, Progress, Wire } from "./goods";
import { openIncoming } from "./incoming";
import { openKeep } from "./keep";
import { ParcelInLog } from "./lines";
import { openOutgoing, WAITING_LIMIT } from "./outgoing";
import { prepare, receive } from "./picture";
import type { Turn } from "./player";
import { ToolsView } from "./tools";
import { openVoice, receiveVoice } from "./voice";

export interface Parcels {
  readonly views: { Tools: ComponentType; ParcelView: ComponentType<{ line: ParcelLine; stranger: string }> };
  hear(message: About): void;
  give(files: Iterable<File>): void;
  ended(): void;
  close(): void;
}

export function openParcels(ports: Pick<ExtrasPorts, "parcels" | "early" | "say" | "tell" | "now">): Parcels {
  const wire = ports.parcels as Wire;
  const over = signal(false);
  const preparing = signal(0);
  const trouble = signal("");
  const turn: Turn = {};
  const voice = openVoice();
  const keep = openKeep((who, nth) => progress(who, nth, { name: "gone", why: "old" }));
  /** Its number is known only once it has been given, and its line is drawn before that. */
  let leaving: Blob | undefined;

  const outgoing = openOutgoing(wire, {
    say: ports.say,
    begun(parcel) {
      if (leaving) keep.add("me", parcel.id, leaving);
      begun("me", parcel);
    },
    progress: (nth, news) => progress("me", nth, news),
  });
  const incoming = openIncoming({
    say: ports.say,
    begun: (parcel) => begun("stranger", parcel),
    progress: (nth, news) => progress("stranger", nth, news),
    notice: (what) => ports.tell({ type: "notice", what }),
    check: async (parcel, bytes) => (parcel.what === "image" ? receive(parcel, bytes) : receiveVoice(parcel, bytes)),
    keep: (nth, made) => keep.add("stranger", nth, made),
    now: ports.now,
  });

  wire.binaryType = "arraybuffer";
  wire.onbufferedamountlow = outgoing.pump;
  wire.onclose = ended;
  wire.onmessage = ({ data }: MessageEvent<unknown>) => incoming.hear(data);
  for (const data of ports.early ?? []) incoming.hear(data);

  function begun(who: Who, parcel: Parcel): void {
    ports.tell({ type: "parcel", who, parcel });
    progress(who, parcel.id, { name: "going", done: 0 });
  }

  function progress(who: Who, nth: number, news: Progress): void {
    if (news.name === "gone") keep.free(who, nth);
    const url = keep.url(who, nth);
    if (news.name === "gone") ports.tell({ type: "parcelState", who, nth, state: news });
    else if (url !== undefined) ports.tell({ type: "parcelState", who, nth, state: { ...news, url } });
    else if (news.name === "going") ports.tell({ type: "parcelState", who, nth, state: news });
  }

  function send(about: Omit<Goods, "bytes">, blob: Blob, bytes: Goods["bytes"]): void {
    leaving = blob;
    const nth = outgoing.give({ ...about, bytes });
    leaving = undefined;
    if (nth !== undefined) return;
    bytes.fill(0);
    trouble.value = wire.readyState === "open" ? words.tooMany(WAITING_LIMIT) : words.notSent;
  }

  async function give(files: Iterable<File>): Promise<void> {
    const some = [...files];
    trouble.value = some.length > WAITING_LIMIT ? words.tooMany(WAITING_LIMIT) : "";
    for (const file of some.slice(0, WAITING_LIMIT)) await picture(file);
  }

  async function picture(file: File): Promise<void> {
    if (over.value) return;
    preparing.value += 1;
    const drawn = await prepare(file).catch(() => "unreadable" as const);
    const bytes = typeof drawn === "string" ? undefined : await bytesOf(drawn.blob);
    preparing.value -= 1;
    if (typeof drawn === "string") trouble.value = words.pictureTrouble[drawn];
    else if (!over.value && bytes) send({ what: "image", type: drawn.type }, drawn.blob, bytes);
  }

  async function sendNote(): Promise<void> {
    const note = voice.take();
    if (!note) return;
    const { blob, type, wave } = note;
    const bytes = await bytesOf(blob);
    if (!over.value) send({ what: "voice", type, ms: Math.round(note.ms), wave }, blob, bytes);
  }

  function stop({ who, parcel }: ParcelLine): void {
    if (who === "me") outgoing.drop(parcel.id);
    else incoming.refuse(parcel.id);
  }

  /** Of a line that nobody sees any more nothing is worth sending, taking or keeping. */
  function left(line: ParcelLine): void {
    stop(line);
    keep.free(line.who, line.parcel.id);
  }

  function ended(): void {
    over.value = true;
    voice.discard();
    outgoing.close();
    incoming.close();
    wire.onbufferedamountlow = wire.onmessage = wire.onclose = null;
  }

  const Tools = () => (
    <ToolsView
      voice={voice}
      turn={turn}
      preparing={preparing}
      trouble={trouble}
      give={(files) => void give(files)}
      sendNote={() => void sendNote()}
      read={() => {
        trouble.value = "";
      }}
    />
  );
  const ParcelView = ({ line, stranger }: { line: ParcelLine; stranger: string }) => (
    <ParcelInLog line={line} stranger={stranger} over={over.value} turn={turn} stop={stop} left={left} />
  );

  return {
    views: { Tools, ParcelView },
    hear(message) {
      switch (message.kind) {
        case "parcel":
          incoming.announced(message);
          break;
        case "drop":
          incoming.dropped(message.id);
          break;
        case "refuse":
          outgoing.refused(message.id, message.why);
          break;
        case "taken":
          outgoing.taken(message.id);
          break;
      }
    },
    give: (files) => void give(files),
    ended,
    close() {
      ended();
      turn.playing?.pause();
      delete turn.playing;
      keep.close();
    },
  };
}

async function bytesOf(blob: Blob): Promise<Goods["bytes"]> {
  return new Uint8Array(await blob.arrayBuffer());
}
