// Put into every page that is measured, whosever page it is, before its own scripts: when its first data channel opens,
// and what it sends. It asks the browser, so that all are judged alike, however their libraries tell of it.

(() => {
  const now = () => performance.timeOrigin + performance.now();
  const size = (data) =>
    typeof data === "string" ? new TextEncoder().encode(data).length : (data.byteLength ?? data.size);
  const sent = [];
  let open;
  const opened = new Promise((resolve) => {
    open = () => resolve(now()); // only the first one counts: a promise is resolved once
  });

  function listen(channel) {
    if (channel.readyState === "open") open();
    else channel.addEventListener("open", open);
    return channel;
  }

  const create = RTCPeerConnection.prototype.createDataChannel;
  RTCPeerConnection.prototype.createDataChannel = function (...given) {
    return listen(create.apply(this, given));
  };
  window.RTCPeerConnection = new Proxy(RTCPeerConnection, {
    construct(target, given, made) {
      const pc = Reflect.construct(target, given, made);
      pc.addEventListener("datachannel", ({ channel }) => listen(channel));
      return pc;
    },
  });

  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    sent.push({ at: now(), bytes: size(data) });
    return send.call(this, data);
  };

  window.watched = {
    now,
    opened,
    /** Frames, their payload's bytes and HTTP requests from one moment to another; what a page's worker kept is none. */
    sent(from, until) {
      const within = (at) => at >= from && at <= until;
      const frames = sent.filter(({ at }) => within(at));
      const requests = performance
        .getEntriesByType("resource")
        .filter(({ startTime }) => within(performance.timeOrigin + startTime))
        .filter(({ workerStart, transferSize }) => workerStart === 0 || transferSize > 0);
      return {
        frames: frames.length,
        bytes: frames.reduce((sum, { bytes }) => sum + bytes, 0),
        requests: requests.length,
      };
    },
    /** The scripts that were loaded until then: paths. */
    scripts(until) {
      return performance
        .getEntriesByType("resource")
        .filter(({ name, startTime }) => performance.timeOrigin + startTime <= until && name.endsWith(".js"))
        .map(({ name }) => new URL(name).pathname);
    },
  };
})();
