// What every page of the others is told in its address, and what it is asked for by who measures:
//
//   enter(cold)   come in; when it is done, Start can be pressed. The clock of a cold meeting starts here
//   start(cold)   press Start. The clock of a warm meeting starts here. Done when the server knows that one waits
//   meet()        when it started and when its channel was open, once it is
//
// as bench/windows.py asks it.

const asked = new URLSearchParams(location.search);

/** Of the roads to the servers, in the order in which they were opened. */
export const ports = asked.getAll("port").map(Number);
/** Both pages know it. */
export const meeting = asked.get("meeting");
/** 0 waits, 1 comes later. */
export const seat = Number(asked.get("seat"));
/** Everybody is on this machine. */
export const rtcConfig = { iceServers: [] };

export function offer({ enter, start }) {
  const { now, opened } = window.watched;
  const marks = {};
  window.bench = {
    async enter(cold) {
      marks.start = now();
      await enter(cold);
    },
    async start(cold) {
      if (!cold) marks.start = now();
      await start(cold);
    },
    async meet() {
      marks.open = await opened;
      return marks;
    },
  };
}
