import { expect, it, vi } from "vitest";
import { type Gear, openDevices, troubleOf } from "../src/extras/devices";
import { FakeDevices } from "./fakes/devices";

function open(): { fake: FakeDevices; devices: ReturnType<typeof openDevices>; seen: Gear[]; names(): string[] } {
  const fake = new FakeDevices();
  const seen: Gear[] = [];
  const devices = openDevices(fake.world, (gear) => seen.push(gear));
  const name = (kind: "audio" | "video") => {
    const source = devices.gear[kind];
    return source.name === "trouble" ? source.why : source.name;
  };
  return { fake, devices, seen, names: () => [name("audio"), name("video")] };
}

const settled = (names: () => string[]) => vi.waitFor(() => expect(names()).not.toContain("asking"));

it("opens nothing before it is wished, and asks for both in one question", async () => {
  const { fake, devices, names } = open();
  expect(fake.asked).toEqual([]);
  devices.want(true, true);
  expect(names()).toEqual(["asking", "asking"]);
  await settled(names);
  expect(fake.asked).toHaveLength(1);
  expect(fake.asked[0]).toMatchObject({
    audio: { echoCancellation: true, noiseSuppression: true },
    video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { max: 30 } },
  });
  expect([names(), fake.live]).toEqual([
    ["on", "on"],
    ["mic1", "cam1"],
  ]);
});

it("opens no camera for a voice", async () => {
  const { fake, devices, names } = open();
  devices.want(true, false);
  await settled(names);
  expect(fake.asked[0]?.video).toBeUndefined();
  expect(fake.live).toEqual(["mic1"]);
});

it("stops a camera that is not wished any more, and opens it again; a microphone is only muted", async () => {
  const { fake, devices, names } = open();
  devices.want(true, true);
  await settled(names);
  devices.want(false, false);
  expect(fake.live).toEqual(["mic1"]);
  expect(fake.opened[0]?.enabled).toBe(false);
  devices.want(true, true);
  await settled(names);
  expect(fake.live).toEqual(["mic1", "cam1"]);
  expect(fake.opened[0]?.enabled).toBe(true);
  expect(fake.asked).toHaveLength(2);
});

it("is muted from the first sample on when that was wished while the browser still asked", async () => {
  const { fake, devices, names } = open();
  fake.slow = true;
  devices.want(true, false);
  devices.want(false, false);
  fake.answer();
  await settled(names);
  expect(fake.opened.map(({ enabled }) => enabled)).toEqual([false]);
});

it("stops at once what arrives after the wish has gone", async () => {
  const { fake, devices, names } = open();
  fake.slow = true;
  devices.want(true, true);
  devices.release();
  expect(names()).toEqual(["off", "off"]);
  fake.answer();
  await vi.waitFor(() => expect(fake.opened).toHaveLength(2));
  await vi.waitFor(() => expect(fake.live).toEqual([]));
  expect(names()).toEqual(["off", "off"]);
  expect(fake.listeners.size).toBe(0);
});

it("keeps what was wished anew while the answer to an older wish was on its way", async () => {
  const { fake, devices, names } = open();
  fake.slow = true;
  devices.want(false, true);
  devices.want(false, false);
  devices.want(false, true);
  fake.answer();
  await settled(names);
  expect(fake.live).toEqual(["cam1"]);
  expect(fake.opened).toHaveLength(2);
});

it("asks one by one when only one of the two stands in the way", async () => {
  const { fake, devices, names } = open();
  fake.trouble.video = "NotReadableError";
  devices.want(true, true);
  await settled(names);
  expect([names(), fake.live]).toEqual([["on", "busy"], ["mic1"]]);
});

it("does not ask once more who has said no, but opens what was allowed before", async () => {
  const { fake, devices, names } = open();
  fake.trouble.audio = fake.trouble.video = "NotAllowedError";
  devices.want(true, true);
  await settled(names);
  expect([names(), fake.asked.length]).toEqual([["denied", "denied"], 1]);

  const allowed = open();
  allowed.fake.trouble.video = "NotAllowedError";
  allowed.fake.granted.add("microphone");
  allowed.devices.want(true, true);
  await settled(allowed.names);
  expect(allowed.names()).toEqual(["on", "denied"]);
});

it("asks again only when it is wished again, or told to", async () => {
  const { fake, devices, names } = open();
  fake.trouble.audio = "NotAllowedError";
  devices.want(true, false);
  await settled(names);
  devices.want(true, false);
  expect(fake.asked).toHaveLength(1);
  delete fake.trouble.audio;
  devices.retry();
  await settled(names);
  expect([names(), fake.asked.length]).toEqual([["on", "off"], 2]);
});

it("tells what there is to choose from, and follows what is plugged in", async () => {
  const { fake, devices, names } = open();
  devices.want(true, true);
  await settled(names);
  await vi.waitFor(() => expect(devices.gear.choices.audio.map(({ id }) => id)).toEqual(["mic1", "mic2"]));
  expect(devices.gear.chosen).toEqual({ audio: "mic1", video: "cam1" });
  fake.there.push({ kind: "audio", id: "mic3" });
  fake.change();
  await vi.waitFor(() => expect(devices.gear.choices.audio).toHaveLength(3));
});

it("changes to another camera, and lets go of the one before first", async () => {
  const { fake, devices, names } = open();
  devices.want(true, true);
  await settled(names);
  fake.slow = true;
  devices.choose("video", "cam2");
  expect(fake.live).toEqual(["mic1"]);
  fake.answer();
  await settled(names);
  expect([fake.live, devices.gear.chosen.video]).toEqual([["mic1", "cam2"], "cam2"]);
});

it("takes whatever there is when the chosen one is gone", async () => {
  const { fake, devices, names } = open();
  devices.want(true, true);
  await settled(names);
  devices.choose("video", "cam9");
  await settled(names);
  expect(fake.live).toEqual(["mic1", "cam1"]);
});

it("tells of a device that is pulled out, and finds another", async () => {
  const { fake, devices, names } = open();
  devices.want(true, false);
  await settled(names);
  fake.opened[0]?.unplug();
  expect(names()).toEqual(["lost", "off"]);
  fake.there.shift();
  devices.retry();
  await settled(names);
  expect(fake.live).toEqual(["mic2"]);
});

it("stops everything when released, and can be wished again", async () => {
  const { fake, devices, names } = open();
  devices.want(true, true);
  await settled(names);
  devices.release();
  expect([names(), fake.live]).toEqual([["off", "off"], []]);
  devices.want(true, false);
  await settled(names);
  expect(fake.live).toEqual(["mic1"]);
});

it("says so where a page gets no devices at all", async () => {
  const seen: Gear[] = [];
  const devices = openDevices({ media: undefined, permissions: undefined }, (gear) => seen.push(gear));
  devices.want(true, false);
  await vi.waitFor(() => expect(devices.gear.audio).toEqual({ name: "trouble", why: "unsupported" }));
});

it.each([
  ["NotAllowedError", "denied"],
  ["SecurityError", "denied"],
  ["NotFoundError", "none"],
  ["OverconstrainedError", "none"],
  ["NotReadableError", "busy"],
  ["AbortError", "busy"],
])("knows %s as %s", (name, why) => {
  expect(troubleOf({ name })).toBe(why);
});
