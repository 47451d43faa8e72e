// Whether this browser lets the page show messages of the system, and asking for it: at a press of the visitor's own, and
// at no other time.

/** `missing`: this browser cannot, or, on an iPhone, only once the page is on the home screen. */
export type Permission = NotificationPermission | "missing";

export function permission(): Permission {
  return typeof Notification === "undefined" || !("serviceWorker" in navigator) ? "missing" : Notification.permission;
}

export async function askPermission(): Promise<Permission> {
  if (permission() !== "default") return permission();
  return Notification.requestPermission().catch(() => permission());
}
