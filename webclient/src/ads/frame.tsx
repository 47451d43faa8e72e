// The frame of an advertisement. What runs in it is nobody's whom we know, so it has an origin of its own that no other
// page has, and may do two things: run scripts, and open a page somewhere else when it is clicked.

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Ads } from "../wire";

/** Never `allow-same-origin`, which would give it back the storage of its host, nor anything that moves this page. */
const SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox";
/** No cookies or storage from earlier, where the browser knows how; TypeScript does not yet. */
const NEW_EACH_TIME = { credentialless: true };

export function AdFrame({ ads, title }: { ads: Ads; title: string }): JSX.Element {
  const frame = useRef<HTMLIFrameElement>(null);
  useDeafWhileTyping(frame);
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

/** A script in a frame can take the focus, and would get what is typed on. So while one types it cannot be focused. */
function useDeafWhileTyping(frame: { readonly current: HTMLIFrameElement | null }): void {
  useLayoutEffect(() => {
    const look = () => {
      if (frame.current) frame.current.inert = document.activeElement?.matches("input, textarea, select") ?? false;
    };
    look();
    // At `focusout` the focus is nowhere yet.
    const later = () => queueMicrotask(look);
    document.addEventListener("focusin", look);
    document.addEventListener("focusout", later);
    return () => {
      document.removeEventListener("focusin", look);
      document.removeEventListener("focusout", later);
    };
  }, [frame]);
}
