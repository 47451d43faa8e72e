// The message of the system: one at most of each tab, with words that are always the same. The system keeps a history of
// such messages and shows them on a locked screen, so nothing of a talk is in them, not even a name.

/** Phones let a page show one only by its service worker's registration; what it shows never passes through the worker. */
export interface NoticePorts {
  registration(): Promise<ServiceWorkerRegistration | undefined>;
  readonly tag: string;
}

export interface Notices {
  show(body: string, title: string, silent: boolean): void;
  close(): void;
}

export function makeNotices({ registration, tag }: NoticePorts): Notices {
  let shown = false;
  let turn: Promise<void> = Promise.resolve();

  /** One after the other, or one that is still being shown would outlive its closing. */
  function next(act: (place: ServiceWorkerRegistration) => Promise<void>): void {
    turn = turn
      .then(registration)
      .then((place) => place && act(place))
      .catch(() => undefined); // the permission was taken back
  }

  return {
    show(body, title, silent) {
      shown = true;
      next((place) => place.showNotification(title, { body, tag, silent, icon: "/icons/192.png" }));
    },
    close() {
      if (!shown) return;
      shown = false;
      next(async (place) => {
        for (const notice of await place.getNotifications({ tag })) notice.close();
      });
    },
  };
}
