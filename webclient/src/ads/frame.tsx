// The frame of an advertisement. What runs in it is nobody's whom we know, so it has an origin of its own that no other
// page has, and may do two things: run scripts, and open a page somewhere else when it is clicked.

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Ads } from "../wire";
import { guardFocus } from "./focus";

/** Never `allow-same-origin`, which would give it back the storage of its host, nor anything that moves this page. */
const SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox";
/** No cookies or storage from earlier, where the browser knows how; TypeScript does not yet. */
const NEW_EACH_TIME = { credentialless: true };

interface FrameProps {
  ads: Ads;
  title: string;
  /** It took the focus from what had it. */
  thief: (from: Element | null) => void;
}

export function AdFrame({ ads, title, thief }: FrameProps): JSX.Element {
  const frame = useRef<HTMLIFrameElement>(null);
  useLayoutEffect(() => {
    const place = frame.current?.closest(".ads");
    return frame.current && place ? guardFocus(frame.current, place, thief) : undefined;
  }, [thief]);
  return (
    <iframe
      ref={frame}
      class="ads-frame"
      title={title}
      sandbox={SANDBOX}
      allow=""
      referrerpolicy="no-referrer"
      loading="lazy"
      height={ads.height}
      {...NEW_EACH_TIME}
      src={ads.url}
    />
  );
}
