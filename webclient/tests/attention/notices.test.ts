import { describe, expect, it } from "vitest";
import { makeNotices } from "../../src/attention/notices";

interface Shown {
  title: string;
  options: NotificationOptions;
}

function system() {
  const shown: Shown[] = [];
  let refuse = false;
  const place = {
    async showNotification(title: string, options: NotificationOptions) {
      if (refuse) throw new TypeError("no permission");
      const same = shown.findIndex((other) => other.options.tag === options.tag);
      shown.splice(same < 0 ? shown.length : same, 1, { title, options });
    },
    async getNotifications({ tag }: { tag: string }) {
      return shown
        .filter(({ options }) => options.tag === tag)
        .map((one) => ({ close: () => void shown.splice(shown.indexOf(one), 1) }));
    },
  } as unknown as ServiceWorkerRegistration;
  const forbid = () => {
    refuse = true;
  };
  return { place, shown, forbid };
}

const settle = () => new Promise((then) => setTimeout(then));

describe("a message of the system", () => {
  it("is one at most, and closed when it is no longer news", async () => {
    const { place, shown } = system();
    const notices = makeNotices({ registration: async () => place, tag: "passerby a" });
    notices.show("Somebody is here.", "Passerby", true);
    notices.show("There is a new message.", "Passerby", true);
    await settle();
    expect(shown.map(({ options }) => options.body)).toEqual(["There is a new message."]);
    notices.close();
    await settle();
    expect(shown).toEqual([]);
  });

  it("is closed though it was not shown yet when that was asked for", async () => {
    const { place, shown } = system();
    const notices = makeNotices({ registration: async () => place, tag: "passerby a" });
    notices.show("Somebody is here.", "Passerby", true);
    notices.close();
    await settle();
    expect(shown).toEqual([]);
  });

  it("leaves those of other tabs alone", async () => {
    const { place, shown } = system();
    const [one, other] = ["a", "b"].map((tag) => makeNotices({ registration: async () => place, tag }));
    one?.show("Somebody is here.", "Passerby", true);
    other?.show("Somebody is here.", "Passerby", true);
    one?.close();
    await settle();
    expect(shown.map(({ options }) => options.tag)).toEqual(["b"]);
  });

  it("does not disturb where it cannot be shown", async () => {
    const { place, shown, forbid } = system();
    forbid();
    let found: ServiceWorkerRegistration | undefined;
    const notices = makeNotices({ registration: async () => found, tag: "a" });
    notices.show("Somebody is here.", "Passerby", true);
    await settle();
    found = place;
    notices.show("Somebody is here.", "Passerby", true);
    notices.close();
    await settle();
    expect(shown).toEqual([]);
  });
});
