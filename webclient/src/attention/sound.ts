// Soft sounds, made of sine waves: nothing to load. A browser lets a page sound only after somebody has pressed something on
// it, in some browsers only while that is handled; so it is woken by the press before, where that counts, or else by the next
// one. In between the sound card is let go of.

/** In Hertz, one after the other. */
const CHIMES = { met: [523.25, 783.99], wrote: [659.25] } as const;
const RING = [659.25, 783.99, 659.25, 783.99] as const;
const RING_EVERY_MS = 2_500;
/** What sounds later than this tells of something that is over. */
const LATE_MS = 1_000;
/** Well under what a voice has. */
const PEAK = { chime: 0.07, ring: 0.12 } as const;
const NOTE_S = { step: 0.14, length: 0.5 } as const;
const SHAKE = { chime: [60], ring: [200, 120, 200] } as const;

export interface SoundPorts {
  makeContext(): AudioContext;
  /** On phones that can, and where the page is in view. */
  vibrate(pattern: number[]): unknown;
}

export interface Sound {
  /** To be called while a press is being handled; where an earlier one counts, any time after that. */
  unlock(): void;
  /** It would be heard. */
  readonly awake: boolean;
  chime(what: keyof typeof CHIMES): void;
  ring(on: boolean): void;
}

export function makeSound({ makeContext, vibrate }: SoundPorts): Sound {
  let context: AudioContext | undefined;
  let awake = false;
  let ringing: ReturnType<typeof setInterval> | undefined;
  let playing = 0;

  function unlock(): void {
    if (awake) return;
    try {
      context ??= makeContext();
      void context.resume().then(
        () => {
          awake = true;
          rest();
        },
        () => undefined,
      );
    } catch {
      context = undefined; // no sound card
    }
  }

  function rest(): void {
    if (playing === 0) void context?.suspend().catch(() => undefined);
  }

  async function play(notes: readonly number[], peak: number): Promise<void> {
    if (!context || !awake) return;
    const card = context;
    const askedMs = performance.now();
    playing += 1;
    try {
      await card.resume();
      if (performance.now() - askedMs > LATE_MS) return;
      const last = notes.map((hertz, nth) => note(card, hertz, peak, nth * NOTE_S.step)).at(-1);
      await new Promise((ended) => last?.addEventListener("ended", ended));
    } catch {
      // Not now: somebody else has the sound card.
    } finally {
      playing -= 1;
      rest();
    }
  }

  function ringOnce(): void {
    vibrate([...SHAKE.ring]);
    void play(RING, PEAK.ring);
  }

  return {
    unlock,
    get awake() {
      return awake;
    },
    chime(what) {
      vibrate([...SHAKE.chime]);
      void play(CHIMES[what], PEAK.chime);
    },
    ring(on) {
      clearInterval(ringing);
      ringing = on ? setInterval(ringOnce, RING_EVERY_MS) : undefined;
      if (on) ringOnce();
    },
  };
}

function note(context: AudioContext, hertz: number, peak: number, inS: number): OscillatorNode {
  const atS = context.currentTime + inS;
  const oscillator = new OscillatorNode(context, { frequency: hertz });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, atS);
  gain.gain.linearRampToValueAtTime(peak, atS + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, atS + NOTE_S.length);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(atS);
  oscillator.stop(atS + NOTE_S.length);
  return oscillator;
}
