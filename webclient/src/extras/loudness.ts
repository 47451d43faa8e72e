// How loud a stream is just now, from 0 to 1, several times a second: for showing, and for nothing else.

const everyMs = 90;
/** So quiet is silence, and so loud is loud (root mean square, in decibels of full scale). */
const quietDb = -55;
const loudDb = -12;

/** Answers how to stop. A browser without audio contexts, or a stream without a voice, is silent. */
export function listen(stream: MediaStream, tell: (level: number) => void): () => void {
  if (typeof AudioContext === "undefined" || stream.getAudioTracks().length === 0) return () => undefined;
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    tell(levelOf(samples));
  }, everyMs);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}

export function levelOf(samples: Float32Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const db = 10 * Math.log10(power);
  return Math.min(1, Math.max(0, (db - quietDb) / (loudDb - quietDb)));
}
