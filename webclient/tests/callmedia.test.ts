import { beforeEach, expect, it, vi } from "vitest";
import { type CallMedia, openCallMedia } from "../src/extras/callmedia";
import { FakeTrack } from "./fakes/devices";

/** One half of a transceiver pair, as far as directions, tracks and limits go. */
class FakeLine {
  currentDirection: string | null = null;
  readonly directions: string[] = [];
  parameters: { encodings: Record<string, unknown>[]; degradationPreference?: string } = { encodings: [{}] };
  readonly receiver: { track: FakeTrack };
  readonly sender = {
    track: null as FakeTrack | null,
    replaceTrack: async (track: FakeTrack | null) => {
      this.sender.track = track;
    },
    getParameters: () => structuredClone(this.parameters),
    setParameters: async (parameters: typeof this.parameters) => {
      this.parameters = parameters;
    },
  };

  constructor(
    readonly kind: string,
    private told: string,
  ) {
    this.receiver = { track: new FakeTrack(kind, `their ${kind}`) };
  }

  get direction(): string {
    return this.told;
  }

  set direction(direction: string) {
    this.told = direction;
    this.directions.push(direction);
  }
}

class FakeConnection extends EventTarget {
  readonly lines: FakeLine[] = [];

  addTransceiver(kind: string, { direction }: { direction: string }): FakeLine {
    const line = new FakeLine(kind, direction);
    this.lines.push(line);
    return line;
  }

  /** The stranger has added one, and sends. */
  offered(kind: string): FakeLine {
    const line = this.addTransceiver(kind, { direction: "recvonly" });
    this.dispatchEvent(Object.assign(new Event("track"), { transceiver: line }));
    return line;
  }
}

beforeEach(() => {
  vi.stubGlobal(
    "MediaStream",
    class {
      constructor(readonly tracks: FakeTrack[]) {}
      getTracks = () => this.tracks;
    },
  );
});

function open(role: "a" | "b"): { pc: FakeConnection; media: CallMedia } {
  const pc = new FakeConnection();
  return { pc, media: openCallMedia(pc as unknown as RTCPeerConnection, role) };
}

const track = (kind: "audio" | "video", id = `my ${kind}`) => new FakeTrack(kind, id) as unknown as MediaStreamTrack;
const heard = (media: CallMedia) => Object.keys(media.incoming.value).sort();

it("adds nothing before a call, one line for a voice, and the picture's when it is needed", () => {
  const { pc, media } = open("a");
  media.send("audio", track("audio"));
  expect(pc.lines).toEqual([]);
  media.begin(false);
  expect(pc.lines.map(({ kind }) => kind)).toEqual(["audio"]);
  media.end();
  media.begin(true);
  expect(pc.lines.map(({ kind }) => kind)).toEqual(["audio", "video"]);
});

it("leaves the adding to role a", () => {
  const { pc, media } = open("b");
  media.begin(true);
  expect(pc.lines).toEqual([]);
  expect(heard(media)).toEqual([]);
  const line = pc.offered("audio");
  expect(line.direction).toBe("sendrecv");
  expect(heard(media)).toEqual(["audio"]);
});

it("sends what was opened before the call only once it has begun, and nothing after", async () => {
  const { pc, media } = open("b");
  const mine = track("audio");
  media.send("audio", mine);
  const line = pc.offered("audio");
  expect(line.sender.track).toBeNull();
  media.begin(false);
  await vi.waitFor(() => expect(line.sender.track).toBe(mine));
  media.end();
  await vi.waitFor(() => expect(line.sender.track).toBeNull());
  expect(line.direction).toBe("inactive");
});

it("neither plays nor receives what comes without a call", () => {
  for (const role of ["a", "b"] as const) {
    const { pc, media } = open(role);
    const lines = [pc.offered("audio"), pc.offered("video")];
    expect(lines.map(({ direction }) => direction)).toEqual(["inactive", "inactive"]);
    expect(lines.map(({ receiver }) => receiver.track.enabled)).toEqual([false, false]);
    expect(heard(media)).toEqual([]);
  }
});

it("shows no picture in a call by voice, whatever is sent", () => {
  const { pc, media } = open("b");
  media.begin(false);
  pc.offered("audio");
  expect(pc.offered("video").direction).toBe("inactive");
  expect(heard(media)).toEqual(["audio"]);
});

it("takes one of each kind, and no more", () => {
  const { pc, media } = open("b");
  media.begin(true);
  const [first, second] = [pc.offered("audio"), pc.offered("audio")];
  expect([first?.direction, second?.direction]).toEqual(["sendrecv", "inactive"]);
  expect(media.incoming.value.audio?.getTracks()).toEqual([first?.receiver.track]);
});

it("uses the same lines again, with the same streams as long as they last", () => {
  const { pc, media } = open("a");
  media.begin(true);
  const before = media.incoming.value;
  media.begin(true);
  expect(media.incoming.value).toBe(before);
  media.end();
  expect(heard(media)).toEqual([]);
  media.begin(true);
  expect(pc.lines).toHaveLength(2);
  expect(pc.lines.map(({ directions }) => directions)).toEqual([
    ["inactive", "sendrecv"],
    ["inactive", "sendrecv"],
  ]);
});

it("changes a device in the middle of a call without agreeing anew", async () => {
  const { pc, media } = open("a");
  media.send("video", track("video"));
  media.begin(true);
  const other = track("video", "other");
  media.send("video", other);
  await vi.waitFor(() => expect(pc.lines[1]?.sender.track).toBe(other));
  media.send("video", undefined);
  await vi.waitFor(() => expect(pc.lines[1]?.sender.track).toBeNull());
  expect(pc.lines[1]?.directions).toEqual([]);
});

it("caps what it sends, and lets a picture move rather than be sharp", async () => {
  const { pc, media } = open("a");
  media.send("video", track("video"));
  media.begin(true);
  await vi.waitFor(() => expect(pc.lines[1]?.parameters.degradationPreference).toBe("maintain-framerate"));
  expect(pc.lines[1]?.parameters.encodings[0]).toMatchObject({ maxBitrate: 900_000 });
});

it("hears nothing of the connection once it is closed", () => {
  const { pc, media } = open("b");
  media.close();
  expect(pc.offered("audio").direction).toBe("recvonly");
});
