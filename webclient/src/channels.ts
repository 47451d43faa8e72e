// The data channel, as messages: JSON both ways, bounded in size and in rate on the receiving side, since nothing between
// the two browsers bounds it. It knows the shape of channel messages and not what they mean.

import { fromJson, utf8 } from "./bytes";
import { type ChannelMessage, read } from "./wire";

const messageBytes = 16 * 1024;
/** How much may lie in the browser's own buffer before we keep the rest. */
const bufferedBytes = 256 * 1024;
const flood = { perSecond: 40, burst: 80 };

export interface ChannelPorts {
  opened(): void;
  /** Undefined: something came that is no message. */
  message(message: ChannelMessage | undefined): void;
  closed(): void;
  /** Told once each; what it is about was dropped. */
  notice(what: "flood" | "oversize"): void;
}

export interface Channel {
  readonly open: boolean;
  /** Sends when there is room; what the other side would refuse is not sent. */
  send(message: ChannelMessage): void;
  /** Keeps what is sent from now on, or sends what was kept: what the browser has already takes its time to try again. */
  hold(on: boolean): void;
  /** Listens no more, closes once what was sent has arrived, then calls back. */
  finish(done: () => void): void;
  /** Lets go of the channel at once; no port is called any more. */
  release(): void;
}

export function openChannel(channel: RTCDataChannel, ports: ChannelPorts, now: () => number): Channel {
  const outbox: string[] = [];
  const noticed = new Set<string>();
  let tokens = flood.burst;
  let filledMs = now();
  let holding = false;

  channel.binaryType = "arraybuffer";
  channel.bufferedAmountLowThreshold = bufferedBytes / 2;
  channel.onopen = () => ports.opened();
  channel.onclose = () => ports.closed();
  channel.onbufferedamountlow = pump;
  channel.onmessage = ({ data }: MessageEvent<unknown>) => receive(data);

  function receive(data: unknown): void {
    if (!pays()) notice("flood");
    else if (typeof data !== "string") ports.message(undefined);
    // The first comparison is cheap; only what passes it is worth turning into bytes.
    else if (data.length > messageBytes || utf8(data).length > messageBytes) notice("oversize");
    else ports.message(read("channel", fromJson(data)));
  }

  function pays(): boolean {
    const nowMs = now();
    tokens = Math.min(flood.burst, tokens + ((nowMs - filledMs) / 1000) * flood.perSecond);
    filledMs = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  }

  function notice(what: "flood" | "oversize"): void {
    if (noticed.has(what)) return;
    noticed.add(what);
    ports.notice(what);
  }

  function pump(): void {
    while (
      outbox[0] !== undefined &&
      !holding &&
      channel.readyState === "open" &&
      channel.bufferedAmount < bufferedBytes
    ) {
      try {
        channel.send(outbox[0]);
      } catch {
        return; // the browser's buffer is full after all: again when it has drained
      }
      outbox.shift();
    }
  }

  function release(): void {
    outbox.length = 0;
    channel.onopen = channel.onclose = channel.onmessage = channel.onbufferedamountlow = null;
  }

  return {
    get open() {
      return channel.readyState === "open";
    },
    send(message) {
      const text = JSON.stringify(message);
      if (utf8(text).length > messageBytes || !read("channel", message)) return;
      if (channel.readyState !== "open") return;
      outbox.push(text);
      pump();
    },
    hold(on) {
      holding = on;
      pump();
    },
    finish(done) {
      release();
      if (channel.readyState === "open") {
        // Closing delivers first what was sent (RFC 8831 §6.7), which an empty buffer alone does not promise.
        channel.onclose = done;
        channel.close();
      } else done();
    },
    release,
  };
}
